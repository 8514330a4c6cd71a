// A register with all its proofs, saved as one file by the browser.
import { call } from "../../api/client";
import { saveFile } from "../../ui/save";

export async function takeAlong(register: string): Promise<string> {
  const answer = await call("POST", `/api/observer/${register}/bundle`);
  const name = `pehra-${register}.tar`;
  saveFile(name, await answer.blob());
  return name;
}
