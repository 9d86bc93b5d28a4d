/** A log before its first block: what every node begins with, and every auditor. */
import type { Instant, NodeId, Recovery, Verifier } from "../../src/model/index.ts";
import { genesisCouncil } from "../clusters/history.ts";
import { recoveryHolds, type SageSeats } from "../recovery/certificate.ts";
import { type Chain, newChain } from "./chain.ts";
import type { LogRules } from "./extension.ts";
import { type Ledger, type LedgerBasis, newLedger } from "./ledger.ts";

export function genesisOf(
  basis: LedgerBasis,
  verifier: Verifier,
  /** Who speaks as a sage; transfers are learnt later. */
  seats: () => SageSeats | null,
): { readonly ledger: Ledger; readonly chain: Chain; readonly rules: LogRules } {
  const ledger = newLedger(basis);
  const chain = newChain({
    head: { index: -1, term: 0, hash: basis.rosterHash },
    councils: [genesisCouncil(ledger.maps)],
    term: -1,
    leader: null,
    at: 0 as Instant,
    base: basis.rosterHash,
    recovered: 0,
  });
  const { contest } = basis;
  const isRecovery = (found: Recovery): boolean => {
    const known = seats();
    return known !== null && recoveryHolds(verifier, contest, known, found);
  };
  return { ledger, chain, rules: { verifier, contest, isCouncil: (council) => mayBe(ledger, council), isRecovery } };
}

/** Distinct members of the roster, sorted, few enough. */
function mayBe(ledger: Ledger, council: readonly NodeId[]): boolean {
  return (
    council.length <= Math.max(ledger.basis.manifest.councilSize, 3) &&
    council.every((member, index) => {
      const ordered = index === 0 || (council[index - 1] as string) < member;
      return ordered && ledger.maps.members.has(member);
    })
  );
}
