// Typing help for the card number: groups of four. Whatever else stands in the field is left as it is.
// The server takes any grouping, and reads both halves from a pasted message, so this file may be missing.
(() => {
  const form = document.querySelector("[data-card-entry]");
  if (!form) return;
  const number = form.elements.card_number;
  const longest = Math.max(...form.dataset.numberLengths.split(" "));
  const separated = /^[\d\s.·\p{Pd}\p{Cf}]*$/u;
  const digitsOf = (text) => text.replace(/\D/g, "");
  let before = "";
  let ours = true; // the text in the field is a number being typed

  const group = (event) => {
    if (event?.isComposing) {
      before = number.value;
      return;
    }
    const text = number.value.normalize("NFKC");
    let digits = digitsOf(text);
    // More digits than a number has, and not typed one by one: something else beside it that no group may take in.
    const fits = digits.length <= longest || (ours && digits.length <= digitsOf(before).length + 1);
    // A number in one piece with digits beside it: a number and its code. Two groups that run together are shorter.
    const pair = /\d{9}/.test(text) && /\d\D+\d/.test(text);
    ours = fits && !pair && text.length === number.value.length && separated.test(text);
    if (!ours) {
      before = number.value;
      return;
    }
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

  number.addEventListener("input", group);
  group();
})();
