import "./ui/base.css";
import { mount } from "svelte";
import App from "./app/App.svelte";
import { roomTexts } from "./i18n/en/room";
import { startLanguage } from "./i18n/index.svelte";
import { room } from "./state/room.svelte";

const target = document.getElementById("room");
if (target) {
  await startLanguage({ en: roomTexts, ur: async () => (await import("./i18n/ur/room")).roomTexts });
  room.start();
  mount(App, { target });
}
