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
  const longest = Math.max(...numberLengths);
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
    ours = fits && text.length === number.value.length && separated.test(text);
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

  // From here to `find` it is accounts/normalisation.py, which reads a message where this file is missing.
  const unworded = /[^\p{L}\p{N}_]{0,20}$/u;
  const label = code.labels[0].textContent.replace(unworded, "").toLowerCase();
  const codeWords = ["code", "pin", "código", "codigo"];
  const run = /\d+(?:[ .-]\d+)*/g;
  const mixedRun = /[A-Za-z]*\d[A-Za-z0-9]*(?:[ .-][A-Za-z]*\d[A-Za-z0-9]*)*/g;
  const token = /[A-Za-z0-9]+/g;

  // Whether groups of these sizes look like one number on a card.
  const printed = (sizes) => {
    const last = sizes.pop();
    return sizes.length > 1 && sizes.every((size) => size === sizes[0]) && last <= sizes[0] && sizes[0] <= 6;
  };

  // How surely the words before a possible code call it that: 2 by the merchant's label, 1 by another word.
  const sureness = (before) => {
    const said = before.slice(-120).replace(unworded, "").toLowerCase();
    const head = (word) => said.slice(0, said.length - word.length);
    if (label && said.endsWith(label) && !/[\p{L}\p{N}_]$/u.test(head(label))) return 2;
    const named = codeWords.filter((word) => said.endsWith(word));
    return named.some((word) => !/[\p{L}_][^\S\n]*$/u.test(head(word))) ? 1 : 0;
  };

  // Both halves of a message that holds one of each; null when that is not certain.
  const find = (message) => {
    if (message.length > 8000) return null;
    const text = message
      .normalize("NFKC")
      .replace(/\p{Cf}/gu, "")
      .replace(/[\p{Pd}−]/gu, "-")
      .replace(/[\p{Zs}\t]/gu, " ");
    if (/(?!\d)\p{Nd}/u.test(text)) return null; // digits of other scripts: the server knows them
    const numbers = new Set();
    let rest = text;
    for (const found of text.matchAll("letters" in form.dataset ? mixedRun : run)) {
      const groups = [...found[0].matchAll(token)];
      const starts = new Set([0]);
      groups.forEach((group, first) => {
        let fitting = [];
        let joined = "";
        for (let last = first; starts.has(first) && last < groups.length; last += 1) {
          joined += groups[last][0].toUpperCase();
          if (joined.length > longest) break;
          if (numberLengths.includes(joined.length)) fitting.push([joined, last]);
        }
        const whole = fitting.at(-1);
        if (whole && printed(groups.slice(first, whole[1] + 1).map((each) => each[0].length))) fitting = [whole];
        for (const [digits, last] of fitting) {
          starts.add(last + 1);
          numbers.add(digits);
          const start = found.index + group.index;
          const end = found.index + groups[last].index + groups[last][0].length;
          rest = rest.slice(0, start) + "\n".repeat(end - start) + rest.slice(end);
        }
      });
    }
    const codes = new Map();
    const telephones = [...rest.matchAll(run)].filter((each) => /\D/.test(each[0]));
    for (const word of rest.matchAll(token)) {
      const inside = (each) => each.index <= word.index && word.index < each.index + each[0].length;
      if (!codeLengths.includes(word[0].length) || !/\d/.test(word[0]) || telephones.some(inside)) continue;
      const key = word[0].toUpperCase();
      codes.set(key, Math.max(codes.get(key) ?? 0, sureness(text.slice(0, word.index))));
    }
    const surest = Math.max(...codes.values());
    const candidates = [...codes.keys()].filter((each) => codes.get(each) === surest);
    return numbers.size === 1 && candidates.length === 1 ? [...numbers, ...candidates] : null;
  };

  form.addEventListener("paste", (event) => {
    const found = find(event.clipboardData.getData("text"));
    if (!found) return;
    event.preventDefault();
    [number.value, code.value] = found;
    group();
    code.focus();
    const said = document.createElement("p");
    said.className = "unseen";
    said.textContent = form.dataset.filled;
    document.getElementById("status").replaceChildren(said);
  });

  number.addEventListener("input", group);
  group();
})();
