import "./ui/base.css";
import { mount } from "svelte";
import Phone from "./app/Phone.svelte";
import { phone } from "./i18n/en/phone";
import { startLanguage } from "./i18n/index.svelte";

const target = document.getElementById("phone");
if (target) {
  void startLanguage({ en: phone, ur: async () => (await import("./i18n/ur/phone")).phone }).then(() => mount(Phone, { target }));
}
