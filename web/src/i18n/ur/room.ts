import type { roomTexts as english } from "../en/room";
import { comms } from "./comms";
import { custody } from "./custody";
import { day } from "./day";
import { deletion } from "./deletion";
import { devices } from "./devices";
import { dispatch } from "./dispatch";
import { drill } from "./drill";
import { intelligence } from "./intelligence";
import { nodes } from "./nodes";
import { orders } from "./orders";
import { proof } from "./proof";
import { screens } from "./screens";
import { citizens } from "./citizens";

export const roomTexts: Record<keyof typeof english, string> = { ...comms, ...custody, ...day, ...deletion, ...devices, ...dispatch, ...drill, ...intelligence, ...nodes, ...orders, ...proof, ...screens, ...citizens };
