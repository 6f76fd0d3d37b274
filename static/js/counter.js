// How many characters of a message are left, beside the field; told to screen readers once somebody stops typing.
// page.js fetches it with the first key; the server counts and decides.
const field = document.querySelector("[data-counter]");
const shown = document.querySelector("[data-left]");
const told = document.querySelector("[data-told]");
const inWords = new Intl.NumberFormat(document.documentElement.lang);
const PAUSE_MILLISECONDS = 1200;
let timer = 0;

const count = () => {
  // As the server counts: whole characters, composed, without blanks at the ends.
  const left = Number(field.dataset.longest) - [...field.value.trim().normalize("NFC")].length;
  const words = left < 0 ? shown.dataset.over : shown.dataset.left;
  shown.textContent = words.replace("{count}", inWords.format(Math.abs(left)));
  shown.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    told.textContent = shown.textContent;
  }, PAUSE_MILLISECONDS);
};

field.addEventListener("input", count);
count();
