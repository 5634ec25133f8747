/** At every fifth question an answer may jump over the next one. */
export const jumps = (step: number, questions: number) => step % 5 === 0 && step + 2 <= questions;

/** What every competitor answers: it jumps at some of the branches. */
export function answerTo(step: string): Record<string, number> {
  const number = Number(step.slice(1));
  return { [`a${number}`]: number % 3 === 0 ? number : number * 2 };
}

/** A script of so many whole numbers. */
export function scriptOf(questions: number): string {
  const steps = Array.from({ length: questions }, (_, index) => {
    const step = index + 1;
    const jump = jumps(step, questions) ? `<next if="a${step} &gt; ${step}" to="q${step + 2}"/>` : '';
    return `    <question id="q${step}" name="a${step}" type="integer" required="yes"><say>Question ${step}?</say>${jump}</question>`;
  });
  return `<?xml version="1.0"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="bench" version="1" xml:lang="en" channels="agent">
  <section id="all">
${steps.join('\n')}
    <end id="done" outcome="done"/>
  </section>
</script>
`;
}
