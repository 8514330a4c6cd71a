import "./ui/base.css";
import { mount } from "svelte";
import Stranger from "./app/Stranger.svelte";
import { kinds } from "./i18n/en/kinds";
import { proof } from "./i18n/en/proof";
import { startLanguage } from "./i18n/index.svelte";

const target = document.getElementById("proof");
if (target) {
  const urdu = async (): Promise<Record<string, string>> => {
    const [texts, names] = await Promise.all([import("./i18n/ur/proof"), import("./i18n/ur/kinds")]);
    return { ...texts.proof, ...names.kinds };
  };
  void startLanguage({ en: { ...proof, ...kinds }, ur: urdu }).then(() => mount(Stranger, { target, props: { urdu } }));
}
