import "./ui/base.css";
import { mount } from "svelte";
import Field from "./app/Field.svelte";
import { startLanguage } from "./i18n/index.svelte";

const target = document.getElementById("survey");
if (target) {
  await startLanguage();
  mount(Field, { target });
}
