// The invoices due at the register by keyboard: arrows go from one to the next, a digit writes another amount.
// The down arrow leads to them from anywhere but a field that is typed in. Who writes an amount pays the invoice.

const TYPED_IN = "input:not([type=checkbox]), textarea, select, dialog";

export class DueList {
  constructor(form) {
    this.form = form;
  }

  get boxes() {
    return [...this.form.querySelectorAll("input[name=invoice]")];
  }

  amount_of(box) {
    return this.form.elements[`amount-${box.value}`];
  }

  choose_all() {
    for (const box of this.boxes) box.checked = true;
  }

  follow(input) {
    const box = this.boxes.find((one) => one === input || this.amount_of(one) === input);
    if (!box) return;
    if (box === input && !box.checked) this.amount_of(box).value = this.form.elements[`seen-${box.value}`].value;
    else box.checked = true;
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const { boxes } = this, here = boxes.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const is_leading = event.key === "ArrowDown" && !event.target.closest?.(TYPED_IN);
    if (step && boxes.length && (here >= 0 || is_leading)) {
      event.preventDefault();
      boxes[Math.min(Math.max(here + step, 0), boxes.length - 1)].focus();
    } else if (here >= 0 && /^\d$/u.test(event.key)) {
      event.target.checked = true;
      this.amount_of(event.target).select();
    }
  }
}
