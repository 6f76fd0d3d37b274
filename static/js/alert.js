// One visible alert with Retry when an htmx request fails. Its words stand in the page's templates.
(() => {
  const region = document.getElementById("alert");

  // htmx notes the page's path whatever its settings say; nothing about a guest stays in the browser.
  try {
    sessionStorage.removeItem("htmx-current-path-for-history");
  } catch {
    // Storage is switched off, so nothing was noted.
  }

  const show = (event) => {
    const form = event.detail.elt;
    const expired = event.detail.xhr?.status === 403;
    const template = document.getElementById(expired ? "alert-reload" : "alert-retry");
    region.replaceChildren(template.content.cloneNode(true));
    region.querySelector("[data-retry]")?.addEventListener("click", () => form.requestSubmit());
  };

  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, show);
  }
  document.addEventListener("htmx:beforeRequest", () => region.replaceChildren());
})();
