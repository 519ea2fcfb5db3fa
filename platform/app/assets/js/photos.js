// What the photos' page gains from script: a slider between before and after; keys, swipes and the focus in the large view.
(() => {
  const open = () => document.querySelector(".pl-large:target");
  // Leafing through replaces the address, so that "back" of the browser leaves the photos and does not leaf.
  const go = (way) => {
    const link = open()?.querySelector(`[data-large=${way}]`);
    if (link) location.replace(link.href);
  };

  for (const box of document.querySelectorAll("[data-compare]")) {
    box.classList.add("pl-compare-on");
    box.querySelector("input").hidden = false;
  }
  document.addEventListener("input", ({ target }) => {
    target.closest("[data-compare]")?.style.setProperty("--cut", `${target.value}%`);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-large]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    location.replace(link.href);
  });

  const keys = { Escape: "close", ArrowLeft: "back", ArrowRight: "next" };
  document.addEventListener("keydown", (event) => {
    const view = open();
    if (!view || event.altKey || event.ctrlKey || event.metaKey) return;
    if (keys[event.key]) {
      event.preventDefault();
      return go(keys[event.key]);
    }
    if (event.key !== "Tab") return;
    const stops = [...view.querySelectorAll("a, input")];
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== from && view.contains(document.activeElement) && document.activeElement !== view) return;
    event.preventDefault();
    to.focus();
  });

  let start = null;
  document.addEventListener("touchstart", (event) => {
    start = open() && event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!start || event.touches.length || visualViewport.scale > 1.01) return;
    const across = event.changedTouches[0].clientX - start.clientX;
    const down = event.changedTouches[0].clientY - start.clientY;
    if (Math.abs(across) > 48 && Math.abs(across) > 2 * Math.abs(down)) go(across > 0 ? "back" : "next");
  });

  // A photo that came after the page was made has no large view yet.
  const look = () => {
    const id = location.hash.slice(1);
    if (id.startsWith("photo-") && !document.getElementById(id)) return location.reload();
    open()?.focus({ preventScroll: true });
  };
  addEventListener("hashchange", look);
  // The view that is open was put in place anew: its address opens it again.
  document.addEventListener("pl:fresh", () => {
    if (location.hash.startsWith("#photo-") && !open() && document.getElementById(location.hash.slice(1))) location.replace(location.hash);
  });
  open()?.focus({ preventScroll: true });
})();
