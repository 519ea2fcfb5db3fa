// Keeps a page up to date. The server says that something happened; the page is asked for again and the parts that show it are
// put in place. Without script, or without a socket, a reload does the same.
(() => {
  const main = document.querySelector("main[data-cursor]");
  if (!main || !window.WebSocket) return;
  let cursor = main.dataset.cursor;
  let socket, timer, waiting, lost, tries = 0, fresh = false, running = false;
  let beat = Date.now();

  const bar = document.createElement("p");
  bar.className = "pl-live";
  bar.setAttribute("role", "status");
  document.body.append(bar);
  const say = (words, shown) => {
    bar.classList.toggle("sr-only", !shown);
    bar.innerHTML = words;
  };

  const parts = () => [...main.querySelectorAll("[data-live][id]")];
  const shows = ({ topic, project }) =>
    (!project || !main.dataset.project || main.dataset.project === project) && parts().some((part) => part.dataset.live.split(" ").includes(topic));

  // Not under somebody's hands: a part in which something is being typed waits.
  const busy = (part) => part.contains(document.activeElement) && document.activeElement.matches("input,textarea,select");

  const put = (page) => {
    let changed = false;
    for (const part of parts()) {
      const next = page.getElementById(part.id);
      if (!next || next.isEqualNode(part) || busy(part)) continue;
      const focused = part.contains(document.activeElement) && document.activeElement;
      const again = focused && (focused.id ? `[id="${focused.id}"]` : focused.getAttribute("href") && `[href="${focused.getAttribute("href")}"]`);
      next.classList.add("pl-fresh");
      part.replaceWith(next);
      if (again) next.querySelector(again)?.focus({ preventScroll: true });
      changed = true;
      setTimeout(() => next.classList.remove("pl-fresh"), 2000);
    }
    if (changed) {
      say("This page has just been updated.");
      document.dispatchEvent(new Event("pl:fresh"));
    }
  };

  const refresh = async () => {
    waiting = 0;
    if (running) return (fresh = true);
    running = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok && !answer.redirected) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      fresh = false;
    }
    running = false;
    if (fresh) {
      fresh = false;
      poke();
    }
  };
  const poke = () => (waiting ||= setTimeout(refresh, 100 + Math.random() * 200));

  const open = () => {
    clearTimeout(timer);
    const mine = (socket = new WebSocket(`${location.origin.replace("http", "ws")}/live?after=${cursor}`));
    mine.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      cursor = frame.cursor;
      tries = 0;
      clearTimeout(lost);
      lost = 0;
      if (bar.dataset.lost) {
        delete bar.dataset.lost;
        say("");
      }
      if (frame.type === "gap" || (frame.type === "event" && shows(frame))) poke();
    };
    mine.onclose = ({ code }) => {
      if (socket !== mine) return;
      socket = null;
      if (code === 4401) return say('You are signed out. <a href="/sign-in">Sign in again</a>', true);
      lost ||= setTimeout(() => {
        bar.dataset.lost = "1";
        say("The connection is gone. We are trying again.", true);
      }, 5000);
      timer = setTimeout(open, Math.min(15000, 500 * 2 ** tries++) * (0.5 + Math.random() / 2));
    };
  };
  const again = () => {
    const old = socket;
    socket = null;
    old?.close();
    tries = 0;
    open();
  };

  // A device that slept holds a socket that is dead and does not know it.
  setInterval(() => {
    const slept = Date.now() - beat > 20000;
    beat = Date.now();
    if (slept) again();
  }, 5000);
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => document.hidden || socket || again());
  addEventListener("pagehide", () => socket?.close());
  addEventListener("pageshow", (event) => event.persisted && again());
  open();
})();
