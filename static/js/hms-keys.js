// <hms-keys>: whatever carries data-key="F2", "Ctrl+D", "A" or "?" answers to that key, and to data-key-alt="Alt+2".
// Keys that write (letters, digits, Space, Enter) rest while a person types. "?" shows all keys of the page.
// Esc leaves the field in which a person types, so that the keys answer again, where it has nothing else to do.
// Enter on a choice of a form, or on a tick beside a count, leads to the form's next field or button: a browser
// does nothing on the first, and sends a form that is not counted yet on the second.

const WRITES = /^(.|Shift\+.|Enter|Space)$/u;
const CHOICE = "form[method=post] select, form:has(hms-count) input[type=checkbox]";
// What opens leads into itself: Tab and Space go on from there.
const FIRST_INSIDE = ":scope[open] :is(input, select, textarea, button, a[href])";
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

function pressed(event) {
  const key = event.key === " " ? "Space" : event.key === "Escape" ? "Esc" : event.key;
  const name = key.length === 1 ? key.toUpperCase() : key;
  // "?" and "*" already contain their Shift; a letter with Shift does not.
  const shift = event.shiftKey && /^([A-Z]|.{2,})$/u.test(name);
  return [event.ctrlKey && "Ctrl", event.altKey && "Alt", shift && "Shift", name].filter(Boolean).join("+");
}

function alternate(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/u.exec(event.code);
  return event.altKey && digit ? `Alt+${digit[1]}` : null;
}

function is_shown(element) {
  return element.getClientRects().length > 0 && !element.disabled && element.ariaDisabled !== "true";
}

function has_key(element, names) {
  const keys = `${element.dataset.key ?? ""} ${element.dataset.keyAlt ?? ""}`.toLowerCase().split(" ").filter(Boolean);
  return names.some((name) => keys.includes(name.toLowerCase()));
}

class HmsKeys extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.answer(event);
    document.addEventListener("keydown", this.listener);
    this.presser = (event) => this.press(event);
    document.addEventListener("click", this.presser);
    // What was searched, or an amount that was proposed, is selected, so that what is typed replaces it.
    document.querySelector("input[autofocus]:is([type=search], [inputmode=decimal])")?.select();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
    document.removeEventListener("click", this.presser);
  }

  press(event) {
    if (!event.target.closest?.("[data-shows-keys]")) return;
    event.preventDefault();
    this.show();
  }

  answer(event) {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const names = [pressed(event), alternate(event)].filter(Boolean);
    if (names[0] === "Enter" && event.target.matches?.(CHOICE)) return lead_on(event);
    if (WRITES.test(names[0]) && event.target.closest?.(TYPING)) return;
    const scope = document.querySelector("dialog[open]") ?? document;
    const found = [...scope.querySelectorAll("[data-key]")].find((element) => is_shown(element) && has_key(element, names));
    if (found) {
      event.preventDefault();
      if (found.matches("input:not([type=checkbox], [type=radio]), textarea, select")) focus_on(found);
      else {
        if (found.matches("input, summary")) found.focus();
        found.click();
        if (found.matches("summary")) found.parentElement.querySelector(FIRST_INSIDE)?.focus();
      }
    } else if (names[0] === "Esc" && scope === document && event.target.matches?.(TYPING)) {
      event.target.blur();
    } else if (names[0] === "?" && scope === document) {
      event.preventDefault();
      this.show();
    }
  }

  show() {
    const dialog = this.querySelector("dialog") ?? this.appendChild(make("dialog", "dialog"));
    dialog.ariaLabel = "Keys of this page";
    const rows = [...document.querySelectorAll("[data-key]:not([data-shows-keys])")].filter(is_shown).map(row_of);
    const head = make("header", "dialog__head", make("h2", "dialog__title", "Keys of this page"));
    if (document.querySelector("hms-list [data-item]")) rows.unshift(row("Next, previous in the list", ["J", "K"]));
    if (document.querySelector(`main :is(${TYPING})`)) rows.push(row("Leave a field", ["Esc"]));
    const list = make("div", "keys", ...(rows.length ? rows : ["This page has no keys of its own."]), help_row());
    const close = make("button", "button", "Close", make("kbd", "key", "Esc"));
    close.addEventListener("click", () => dialog.close());
    dialog.replaceChildren(head, make("div", "dialog__body stack", list, close));
    dialog.showModal();
  }
}

function lead_on(event) {
  event.preventDefault();
  const controls = [...event.target.form.elements].filter((one) => one === event.target || one.matches("input, select, textarea, button"));
  controls.slice(controls.indexOf(event.target) + 1).find((one) => is_shown(one) && one.tabIndex >= 0)?.focus();
}

function focus_on(field) {
  field.focus();
  if (field.type === "search") field.select();
}

function make(tag, name, ...children) {
  const element = document.createElement(tag);
  element.className = name;
  element.append(...children);
  return element;
}

function row(label, keys) {
  const caps = make("span", "keys__caps", ...keys.map((key) => make("kbd", "key", key)));
  return make("div", "keys__row", make("span", "", label), caps);
}

function row_of(element) {
  const words = element.dataset.keyLabel ?? element.ariaLabel ?? (element.querySelector(".button__label") ?? element.labels?.[0])?.textContent;
  const keys = [element.dataset.key, element.dataset.keyAlt].filter(Boolean).join(" ").split(" ");
  return row((words ?? element.textContent).trim().replace(/\s+/gu, " "), keys);
}

function help_row() {
  return row("This list", ["?"]);
}

customElements.define("hms-keys", HmsKeys);
