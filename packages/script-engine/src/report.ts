import type { Case, Fault } from '@caruso/dialog-script';

/** What came of testing the scripts of a folder. */
export interface ScriptReport {
  /** Of scripts and of files of cases. */
  faults: Fault[];
  scripts: {
    script: string;
    file: string;
    cases: { name: string; failures: string[] }[];
    /** How many ways from step to step there are, with those of the scripts it calls. */
    ways: number;
    /** How many of them the recorded cases take, */
    byCases: number;
    /** and how many more the dialogs that were made up. */
    byTraces: number;
    /** How many dialogs were made up. */
    traces: number;
    /** Ways nothing took. */
    missing: { way: string; line: number }[];
    /** Ways the file of cases says cannot be taken, with why. */
    infeasible: { way: string; why: string }[];
    /** Those of them that are taken, or are not there. */
    notInfeasible: string[];
    /** The made-up dialogs that took further ways, as cases. */
    made: Case[];
  }[];
}
