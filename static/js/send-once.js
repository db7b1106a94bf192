// Sends a form that carries its own idempotency key, however often the network fails, and shows the page it answers.
// The same content goes again and again until the server has answered; the key makes it count once.

import { show_page } from "./show-page.js";

const GATEWAY = new Set([502, 503, 504]);

export async function send_once(form, submitter, { on_lost }) {
  const content = new FormData(form, submitter);
  const address = form.action;
  for (let is_first = true; ; is_first = false) {
    try {
      const answer = await fetch(address, { method: "POST", body: content });
      if (GATEWAY.has(answer.status)) throw new Error("the server is not there");
      return show_page(answer, await answer.text());
    } catch {
      if (is_first) on_lost();
      const back = new Promise((resolve) => document.addEventListener("hms:online", resolve, { once: true }));
      document.dispatchEvent(new CustomEvent("hms:lost"));
      await back;
    }
  }
}
