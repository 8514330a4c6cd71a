import "./ui/base.css";
import { mount } from "svelte";
import App from "./app/App.svelte";
import { en } from "./i18n/en";
import { roomTexts } from "./i18n/en/room";
import { startLanguage } from "./i18n/index.svelte";
import { room } from "./state/room.svelte";

const target = document.getElementById("room");
if (target) {
  await startLanguage({
    en: { ...en, ...roomTexts },
    ur: async () => {
      const [field, own] = await Promise.all([import("./i18n/ur"), import("./i18n/ur/room")]);
      return { ...field.ur, ...own.roomTexts };
    },
  });
  room.start();
  mount(App, { target });
}
