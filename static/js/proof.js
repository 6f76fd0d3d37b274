// Proof of work: the server's challenge is worked out in a worker while the guest goes on typing. The form waits
// for it when its button is pressed meanwhile. Without this file the page's own words ask the guest to wait.
(() => {
  const box = document.querySelector("[data-proof]");
  if (!box || !window.Worker || !window.crypto?.subtle) return;
  const form = box.closest("form");
  const words = box.querySelector("[data-working]");
  const bar = box.querySelector("progress");
  const button = box.querySelector("[data-stop]");
  const answer = form.elements.proof;
  const submit = form.querySelector("[type=submit]");
  let worker = null;
  // A form that came back filled in needs no second press, unless somebody is writing in it.
  let pressed = "send" in box.dataset && [...form.querySelectorAll("[required]")].every((field) => field.value);

  const say = (name) => {
    words.textContent = words.dataset[name];
    const told = document.createElement("p");
    told.className = "unseen";
    told.textContent = words.dataset[name];
    document.getElementById("status").replaceChildren(told);
  };

  const wait = (waits) => {
    pressed = waits;
    if (waits) submit.setAttribute("aria-disabled", "true");
    else submit.removeAttribute("aria-disabled");
  };

  const stop = () => {
    worker?.terminate();
    worker = null;
    wait(false);
    button.textContent = button.dataset.again;
    say("stopped");
  };

  const finish = (solution) => {
    worker.terminate();
    worker = null;
    answer.value = btoa(JSON.stringify({ challenge: JSON.parse(box.dataset.proof), solution }));
    bar.value = bar.max;
    button.hidden = true;
    say("done");
    const sends = pressed;
    wait(false);
    if (sends) form.requestSubmit();
  };

  const start = () => {
    worker = new Worker(box.dataset.worker);
    worker.addEventListener("message", ({ data }) => {
      if (data.solution) finish(data.solution);
      else bar.value = data.rounds;
    });
    worker.addEventListener("error", fallBack);
    worker.postMessage(JSON.parse(box.dataset.proof).parameters);
    bar.value = 0;
    button.textContent = button.dataset.stop;
    say("working");
  };

  // A browser that cannot do the work is treated like one without script.
  const fallBack = () => {
    stop();
    document.getElementById("status").replaceChildren();
    box.querySelector("[data-proof-work]").hidden = true;
    box.querySelector("[data-proof-pause]").hidden = false;
  };

  form.addEventListener(
    "submit",
    (event) => {
      if (!worker) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!pressed) say("pressed");
      wait(true);
    },
    true,
  );
  form.addEventListener("input", () => wait(false));
  button.addEventListener("click", () => (worker ? stop() : start()));
  box.querySelector("[data-proof-pause]").hidden = true;
  box.querySelector("[data-proof-work]").hidden = false;
  start();
})();
