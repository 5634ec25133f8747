/** A script as people write them: odd spaces, both quotes, comments at every place, several elements on a line. */
export const byHand = `<?xml version="1.0"?>
<!DOCTYPE script SYSTEM "dialog-script.dtd">
<!-- By hand.
     Two lines of it. -->
<script id="visit" version="1.0" xml:lang="en"
        schema="1.1"   channels="agent web">
  <meta><title>A visit</title><!-- inline --><title xml:lang="nl">Een bezoek</title></meta>
  <param name="customer" type="text" />
  <on event="wants-human" to='done'/>

  <section id="first">
    <title>First</title>

  <!-- Not indented as the others. -->
  <info id='hello'><say>Hello</say></info>   
    <!-- Asked of everybody. -->
    <question   id = "ask"
      name="name" type='text'
      required="yes">
      <say>Your name?</say>
      <say   channel="voice">Say your name. <br/> Now.</say>
      <!-- Away with those who have none. -->
      <next to="done" if="name = null"/> <!-- behind it -->
      <next to="second"></next>
    </question>
  </section>
	<!-- A tab before it -->
  <section id="second">

    <choose id="way"><next to="done" if="false"/><next to='each'/></choose>
    <set name="total"   expr="1"/><!-- close by -->
    <loop id="each" while="false"
    >
        <form id="both">
          <question id="a" name="a" type="one"><say>A</say><option value="x"><say>X</say></option><option value="y"><say>Y</say></option></question>
          <question id="b" name="b" type="date"><say>B</say></question>

          <check expr="a &lt;> null"><say>No</say></check>
        </form>
    </loop>
    <end id="done" outcome='done'>
      <say>Thanks, <em><value of="name"  /></em>: 1 &lt; 2 &amp; 3 &gt; 2.</say></end>
  </section>
</script>
<!-- The end. -->
`;
