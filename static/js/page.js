// Focus, double submits, a look at one's own password, and pages brought back by the browser.
// Every page works without this file.
(() => {
  const focusFirst = (root) => root.querySelector("[data-focus]")?.focus();

  focusFirst(document);

  // A private page that comes back from the back-forward cache may belong to a session that has ended.
  addEventListener("pageshow", (event) => {
    const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    // Browsers fill a form again with what was typed; the next guest would only have to press the button.
    if (event.persisted || cameBack) {
      for (const form of document.querySelectorAll("form[data-forget]")) form.reset();
    }
    if (!event.persisted) return;
    if ("private" in document.body.dataset) location.reload();
    for (const form of document.querySelectorAll("form[data-once]")) release(form);
    conceal();
  });

  // A pressed button says what happens, until its form can be sent again.
  const idleWords = new WeakMap();
  const say = (button) => {
    if (!button.dataset.busy) return;
    idleWords.set(button, [...button.childNodes]);
    button.textContent = button.dataset.busy;
  };
  const unsay = (button) => {
    if (idleWords.has(button)) button.replaceChildren(...idleWords.get(button));
  };

  const release = (form) => {
    const button = form.querySelector("[type=submit]");
    delete form.dataset.sent;
    button.removeAttribute("aria-disabled");
    unsay(button);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // htmx guards its own forms.
    if (!("once" in form.dataset) || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    const button = form.querySelector("[type=submit]");
    form.dataset.sent = "yes";
    button.setAttribute("aria-disabled", "true");
    say(button);
  });

  // The button changes how the password is shown, never the password; it is covered again before it is sent.
  const offerReveal = () => {
    for (const button of document.querySelectorAll("[data-reveal]")) button.hidden = false;
  };
  const reveal = (button, shown) => {
    button.setAttribute("aria-pressed", shown);
    document.getElementById(button.getAttribute("aria-controls")).type = shown ? "text" : "password";
  };
  const conceal = () => {
    for (const button of document.querySelectorAll("[data-reveal][aria-pressed=true]")) reveal(button, false);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (button) reveal(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", conceal, true);
  offerReveal();

  // Screen readers announce a live region only when it changes after loading.
  const status = document.getElementById("status");
  if (status?.textContent.trim()) {
    setTimeout(() => status.replaceChildren(...[...status.children].map((child) => child.cloneNode(true))), 200);
  }

  // "." asks where the form or link leads without script. Fifty gifts on a page weigh less when that stands there once.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, path } = event.detail;
    if (path === ".") event.detail.path = elt.getAttribute("action") ?? elt.getAttribute("href");
  });

  // What htmx sends shows no other page meanwhile, so the status region says it as well. The answer fills that anew.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.elt.querySelector(":scope > [data-busy]");
    if (!button) return;
    say(button);
    const told = document.createElement("p");
    told.className = "unseen";
    told.dataset.underway = "";
    told.textContent = button.dataset.busy;
    document.getElementById("status").replaceChildren(told);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const button = event.detail.elt.querySelector(":scope > [data-busy]");
    if (!button || event.detail.successful) return;
    unsay(button);
    document.querySelector("#status > [data-underway]")?.remove(); // and nothing that the answer has put there
  });

  // The counter of a message is fetched once somebody writes.
  const counted = document.querySelector("[data-counter]");
  counted?.addEventListener("input", () => import(counted.dataset.counter), { once: true });

  let hadFocus = false;
  let newsOf = "";

  // A page looks again at one place: what was asked from one that another has replaced meanwhile is let go.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    hadFocus = Boolean(target?.contains(document.activeElement));
    newsOf = "";
    if (!target?.isConnected) event.detail.shouldSwap = false;
  });

  // News takes the place of its own gift alone, beside what the page asked for.
  document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
    if (target.matches("article") && target.contains(document.activeElement)) newsOf = target.id;
  });

  // The pressed button went with the old fragment: go on at the problem, or else at the heading. What came by itself
  // moves nobody who was elsewhere.
  document.addEventListener("htmx:afterSettle", (event) => {
    offerReveal();
    const root = document.getElementById(newsOf || event.detail.target.id);
    const byItself = "X-Background" in (event.detail.requestConfig?.headers ?? {});
    const lost = document.activeElement === document.body && (hadFocus || newsOf || !byItself);
    const place = root?.querySelector("[data-focus]") || (lost && root?.querySelector("h1, h2"));
    if (place) place.focus();
  });
})();
