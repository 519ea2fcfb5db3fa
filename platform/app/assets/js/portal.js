// What a page gains from script; every page works without. Bigger text without a reload, "Sending" on buttons, the live
// address and the time zone of the signup.
(() => {
  const sizes = ["100", "112", "125", "150"];
  const root = document.documentElement;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-text-size]")) {
      event.preventDefault();
      const button = form.querySelector("[name=size]");
      const size = button.value;
      root.dataset.text = size;
      document.cookie = `pl-text-size=${size}; path=/; max-age=31536000; samesite=lax; secure`;
      button.value = sizes[(sizes.indexOf(size) + 1) % sizes.length];
      button.textContent = size === "150" ? "Usual text size" : "Bigger text";
      return;
    }
    const button = event.submitter ?? form.querySelector("[data-sending]");
    if (!button?.dataset.sending) return;
    if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
    button.style.minWidth = `${button.offsetWidth}px`;
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.sending;
    button.setAttribute("aria-disabled", "true");
  });

  // Back from the browser's memory: the button can be pressed again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of document.querySelectorAll("[data-label]")) {
      button.textContent = button.dataset.label;
      button.removeAttribute("aria-disabled");
    }
  });

  // The subdomain follows the company's name until somebody types one.
  const slug = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/&/g, " and ").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  const company = document.querySelector("[data-slug-from]");
  const address = document.querySelector("[data-slug]");
  const shown = document.querySelector("[data-slug-shown]");
  if (company && address) {
    let own = address.value !== "";
    const show = () => shown && (shown.textContent = slug(address.value) || shown.dataset.slugShown);
    company.addEventListener("input", () => {
      if (!own) address.value = slug(company.value);
      show();
    });
    address.addEventListener("input", () => {
      own = address.value !== "";
      show();
    });
    show();
  }

  const zone = document.querySelector("[data-guess-zone]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && [...zone.options].some((option) => option.value === here)) zone.value = here;
})();
