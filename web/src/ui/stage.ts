// The node names the stages of its work in plain words; here they get the reader's language.
import { tOr } from "../i18n/index.svelte";

export function stageName(stage: string): string {
  return tOr(`stage.${stage}`, stage);
}
