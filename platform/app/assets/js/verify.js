// What the page of a document's check gains from script: the file is hashed here and stays here; it can be dropped anywhere.
(() => {
  const form = document.querySelector("[data-verify]");
  const ask = document.querySelector("[data-verify-hash]");
  if (!form || !ask || !globalThis.crypto?.subtle) return;
  const file = form.elements.file;
  form.querySelector("[data-kept]").hidden = false;
  form.querySelector("[data-sent]").hidden = true;

  const check = async (chosen) => {
    const bytes = await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
    ask.elements.sha256.value = Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
    ask.submit();
  };
  // A file that cannot be read here, because it is too large or gone, is sent as without script.
  const begin = (chosen) => check(chosen).catch(() => form.submit());

  form.addEventListener("submit", (event) => {
    if (!file.files[0]) return;
    event.preventDefault();
    void begin(file.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("pl-over");
  });
  document.addEventListener("dragleave", () => form.classList.remove("pl-over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("pl-over");
    if (!event.dataTransfer.files[0]) return;
    file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
})();
