// Typing help for card number and code: groups of four, and a pasted message that fills both fields.
// The server takes any grouping and any message, so this file may be missing.
(() => {
  const form = document.querySelector("[data-card-entry]");
  if (!form) return;
  const number = form.elements.card_number;
  const code = form.elements.registration_code;
  const lengths = (text) => text.split(" ").map(Number);
  const numberLengths = lengths(form.dataset.numberLengths);
  const codeLengths = lengths(form.dataset.codeLengths);
  const separated = /^[\d\s.·\p{Pd}\p{Cf}]*$/u;
  const digitsOf = (text) => text.replace(/\D/g, "");
  let before = "";

  const group = (event) => {
    const text = number.value.normalize("NFKC");
    if (event?.isComposing || text.length !== number.value.length || !separated.test(text)) {
      before = number.value;
      return;
    }
    let digits = digitsOf(text);
    let left = digitsOf(text.slice(0, number.selectionStart)).length;
    // Deleting a separator deletes the digit beyond it; otherwise the key would seem dead.
    if (digits === digitsOf(before) && text.length < before.length) {
      if (event?.inputType === "deleteContentBackward" && left > 0) {
        left -= 1;
        digits = digits.slice(0, left) + digits.slice(left + 1);
      } else if (event?.inputType === "deleteContentForward") {
        digits = digits.slice(0, left) + digits.slice(left + 1);
      }
    }
    const grouped = digits.replace(/\d{4}(?=\d)/g, "$& ");
    before = grouped;
    if (number.value === grouped) return;
    number.value = grouped;
    if (document.activeElement === number) {
      const caret = left + (left ? Math.floor((left - 1) / 4) : 0);
      number.setSelectionRange(caret, caret);
    }
  };

  // The one number and the one code in a message; nothing when there is doubt, as on the server.
  const find = (message) => {
    const text = message.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(/\p{Pd}/gu, "-");
    const found = [];
    for (const run of text.matchAll(/\d(?:[^\S\r\n]?[.-]?\d)*/g)) {
      const digits = digitsOf(run[0]);
      if (!numberLengths.includes(digits.length)) continue;
      const rest = `${text.slice(0, run.index)} ${text.slice(run.index + run[0].length)}`;
      for (const token of rest.match(/[A-Za-z0-9]+/g) || []) {
        if (codeLengths.includes(token.length) && /\d/.test(token)) found.push([digits, token.toUpperCase()]);
      }
    }
    return found.length === 1 ? found[0] : null;
  };

  form.addEventListener("paste", (event) => {
    const found = find(event.clipboardData.getData("text"));
    if (!found) return;
    event.preventDefault();
    [number.value, code.value] = found;
    group();
    code.focus();
    const words = document.createElement("p");
    words.className = "unseen";
    words.textContent = form.dataset.filled;
    document.getElementById("status").replaceChildren(words);
  });

  number.addEventListener("input", group);
  group();
})();
