// Signed-in pages: one visible alert with Retry when a request fails, and a warning before the session ends.
// Words stand in the page's templates. Elements are looked up anew, because htmx may replace the main part.
(() => {
  const find = (id) => document.getElementById(id);

  // htmx notes the page's path whatever its settings say; nothing about a guest stays in the browser.
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // Storage is switched off, so nothing was noted.
  }

  const showAlert = (event) => {
    const pressed = event.detail.elt;
    // What a page asks by itself fails in silence: nobody waits for it, and a plain link stands in its place.
    if (!pressed.matches("form, a")) return;
    const expired = event.detail.xhr?.status === 403;
    const template = find(expired ? "alert-reload" : "alert-retry");
    find("alert").replaceChildren(template.content.cloneNode(true));
    find("alert").querySelector("[data-retry]")?.addEventListener("click", () => {
      if (pressed.matches("form")) pressed.requestSubmit();
      else pressed.click();
    });
  };

  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, showAlert);
  }
  document.addEventListener("htmx:beforeRequest", () => find("alert").replaceChildren());

  if (!find("session-warning")) return;

  const WARN_SECONDS = 120;
  // The server's times, on a clock that may be wrong: counted from when this page was made.
  const { now, endsAt } = find("session-warning").dataset;
  const end = Date.now() + Date.parse(endsAt) - Date.parse(now);
  // Other tabs of this browser share the session. Only the word "active" passes, and nothing is stored.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  const inWords = new Intl.RelativeTimeFormat(document.documentElement.lang);
  let active = Date.now();
  let before = null;

  const hide = () => {
    const warning = find("session-warning");
    if (warning.hidden) return;
    const inside = warning.contains(document.activeElement) || document.activeElement === document.body;
    warning.hidden = true;
    if (!inside) return;
    const place = before?.isConnected && before !== document.body ? before : document.querySelector("h1");
    place?.focus({ preventScroll: true });
  };

  // Told at a few moments only, so that a screen reader is not interrupted every second.
  const tell = (warning, left) => {
    const step = [10, 30, 60].find((seconds) => left <= seconds) ?? Math.ceil(left / 60) * 60;
    const when = step < 60 ? inWords.format(step, "second") : inWords.format(step / 60, "minute");
    const place = warning.querySelector("[data-when]");
    if (place.textContent !== when) place.textContent = when;
  };

  const check = () => {
    const warning = find("session-warning");
    const idle = Number(warning.dataset.idleSeconds);
    const early = Math.min(WARN_SECONDS, idle / 2);
    const whole = (end - Date.now()) / 1000;
    const left = Math.min(whole, idle - (Date.now() - active) / 1000);
    if (left <= 0) {
      clearInterval(watch);
      document.body.hidden = true;
      location.replace(warning.dataset.endedUrl);
    } else if (left <= early) {
      warning.querySelector("[data-can-stay]").hidden = whole <= early;
      warning.querySelector("[data-cannot-stay]").hidden = whole > early;
      tell(warning, left);
      if (warning.hidden) {
        before = document.activeElement;
        warning.hidden = false;
      }
    } else {
      hide();
    }
  };

  const watch = setInterval(check, 1000);
  // A browser that slept, or a page in the background, has not counted.
  document.addEventListener("visibilitychange", check);

  tabs?.postMessage("active");
  tabs?.addEventListener("message", () => {
    active = Date.now();
    check();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // As on the server, a page that looks again by itself is nobody's activity.
    if (!event.detail.successful || "X-Background" in event.detail.requestConfig.headers) return;
    active = Date.now();
    tabs?.postMessage("active");
    const warning = find("session-warning");
    if (!warning.hidden && warning.contains(event.detail.elt)) {
      const words = document.createElement("p");
      words.className = "unseen";
      words.textContent = warning.dataset.extended;
      find("status").replaceChildren(words);
    }
    check();
  });
})();
