// What a grant's state means for the screen. Pure.
import type { RoleGrant } from "../../api/types";

/** A second person has not answered yet. */
export function waits(grant: RoleGrant): boolean {
  return grant.state === "granted";
}
/** It never held or holds no more. */
export function over(grant: RoleGrant): boolean {
  return grant.state === "refused" || grant.state === "revoked";
}
