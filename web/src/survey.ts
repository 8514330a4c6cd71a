import "./ui/base.css";
import { mount } from "svelte";
import Field from "./app/Field.svelte";
import { en } from "./i18n/en";
import { startLanguage } from "./i18n/index.svelte";

const target = document.getElementById("survey");
if (target) {
  await startLanguage({ en, ur: async () => (await import("./i18n/ur")).ur });
  mount(Field, { target });
}
