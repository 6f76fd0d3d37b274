// Focus, double submits and pages brought back by the browser. Every page works without this file.
(() => {
  const focusFirst = (root) => root.querySelector("[data-focus]")?.focus();

  focusFirst(document);

  // A private page that comes back from the back-forward cache may belong to a session that has ended.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if ("private" in document.body.dataset) location.reload();
    for (const form of document.querySelectorAll("form[data-once]")) release(form);
  });

  const release = (form) => {
    const button = form.querySelector("[type=submit]");
    delete form.dataset.sent;
    button.removeAttribute("aria-disabled");
    if (button.dataset.idle) button.textContent = button.dataset.idle;
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
    if (button.dataset.busy) {
      button.dataset.idle = button.textContent;
      button.textContent = button.dataset.busy;
    }
  });

  // Screen readers announce a live region only when it changes after loading.
  const status = document.getElementById("status");
  if (status?.textContent.trim()) {
    setTimeout(() => status.replaceChildren(...[...status.children].map((child) => child.cloneNode(true))), 200);
  }

  // The pressed button went with the old fragment: go on at the problem, or else at the heading.
  document.addEventListener("htmx:afterSettle", (event) => {
    const root = document.getElementById(event.detail.target.id);
    const lost = !document.activeElement || document.activeElement === document.body;
    const place = root?.querySelector("[data-focus]") || (lost && root?.querySelector("h1, h2"));
    if (place) place.focus();
  });
})();
