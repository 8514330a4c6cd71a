// A register with all its proofs, saved as one file by the browser.
import { call } from "../../api/client";

export async function takeAlong(register: string): Promise<string> {
  const answer = await call("POST", `/api/observer/${register}/bundle`);
  const name = `pehra-${register}.tar`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return name;
}
