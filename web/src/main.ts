import "./ui/base.css";
import { mount } from "svelte";
import App from "./app/App.svelte";
import { startLanguage } from "./i18n/index.svelte";
import { room } from "./state/room.svelte";

const target = document.getElementById("room");
if (target) {
  await startLanguage();
  room.start();
  mount(App, { target });
}
