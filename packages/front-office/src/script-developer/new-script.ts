/** A script that says one thing, to begin with. */
export function newScript(id: string, title: string, language: string): string {
  const plain = title.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<script id="${id}" version="1.0" xml:lang="${language}" schema="1.1" channels="agent web">
  <meta>
    <title>${plain}</title>
  </meta>

  <section id="start">
    <info id="hello">
      <say>${plain}</say>
    </info>
    <end id="done" outcome="done"/>
  </section>
</script>
`;
}
