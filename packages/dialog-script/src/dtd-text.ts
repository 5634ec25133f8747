/** dtd/dialog-script.dtd as text, for where there are no files; made by dtd-text.test.ts. */
export const dtdText = `<!-- Dialog scripts of Caruso, schema 1.1. A script of an earlier schema is a script of this one.

     A script begins with <!DOCTYPE script SYSTEM "dialog-script.dtd">; the name leads to this file, nothing is fetched.
     Documents may declare no entities of their own.

     Steps run in document order, through sections, until an \`end\`. After a step the first \`next\` whose \`if\` holds decides
     where to go; if none holds, the step below follows. Conditions and values (\`if\`, \`expr\`, \`of\`, \`where\`, \`default\`,
     \`options\`) are Caruso expressions, which are checked against the model when the script is compiled. In words:
     and or not = <> ; in an attribute \`<\` is written &lt;

     Expressions see params, vars, answers and results by their names, and also as params.x, vars.x, answers.x, results.x;
     session.id, session.channel, session.language, session.starter, session.interaction and session.attempt (how often the
     present step was put) tell about the session. -->

<!-- What a text is made of. -->
<!ENTITY % text "#PCDATA | value | em | br">
<!-- What a section is made of. -->
<!ENTITY % step "info | question | form | choose | set | lookup | action | call | loop | escalate | end">

<!-- script: one dialog.
       id        its name; sessions, screens and queues call it by this
       version   for people; sessions are bound to the content itself
       xml:lang  the language of texts that carry none, for instance en; every text exists in it
       schema    version of this DTD: 1.0 or 1.1
       channels  where it may be started: agent, web, chat, voice; none: only other scripts call it. Customers themselves
                 start only those with web.
                 Default: agent -->
<!ELEMENT script (meta?, param*, var*, on*, section+)>
<!ATTLIST script
  id       NMTOKEN  #REQUIRED
  version  CDATA    #REQUIRED
  xml:lang CDATA    #REQUIRED
  schema   CDATA    "1.0"
  channels NMTOKENS "agent">

<!-- meta: what lists show: a title for each language, and one text (say) that describes the script. -->
<!ELEMENT meta (title+, say*)>

<!-- param: a value the starter, or the script that calls this one, may give. Customers who start a script themselves give
     none.
       name     its name in expressions
       type     text, integer, decimal, number, money, boolean, date, datetime, or a business object of the model (given by
                a calling script alone)
       dir      in: given; out: a result for the calling script, given a value by \`set\`; inout: both
       default  expression for the value when none is given; without it: null -->
<!ELEMENT param EMPTY>
<!ATTLIST param
  name    NMTOKEN #REQUIRED
  type    NMTOKEN #REQUIRED
  dir     (in | out | inout) "in"
  default CDATA   #IMPLIED>

<!-- var: a value that the script sets.
       name  its name in expressions
       type  type of its value, as of a param
       expr  expression for its first value; without it: null -->
<!ELEMENT var EMPTY>
<!ATTLIST var
  name NMTOKEN #REQUIRED
  type NMTOKEN #REQUIRED
  expr CDATA   #IMPLIED>

<!-- on: what is done when something happens while a step waits; the first whose \`if\` holds. Events of a called script that
     it does not handle are those of its caller.
       event  hang-up: the customer is gone (else the dialog ends with the outcome hung-up)
              time-out: nobody answered in time (else the step is put again, as a further attempt)
              wants-human: the customer asks for a person (else the session waits at its step for an agent)
              no-match: an answer was refused (else the step is put again); session.attempt counts
              or a name of your own, which scripts.signal sends
       to     a step or a section
       if     only while this condition holds -->
<!ELEMENT on (action*)>
<!ATTLIST on
  event NMTOKEN #REQUIRED
  to    IDREF   #REQUIRED
  if    CDATA   #IMPLIED>

<!-- section: steps that belong together; \`next to\` may name a section and means its first step.
       id  its name -->
<!ELEMENT section (title*, (%step;)*)>
<!ATTLIST section
  id ID #REQUIRED>

<!-- title: heading of the script or of a section.
       xml:lang  its language; default: the script's -->
<!ELEMENT title (%text;)*>
<!ATTLIST title
  xml:lang CDATA #IMPLIED>

<!-- say: one wording of a text. Of all wordings whose channel, count and \`if\` fit, the one in the session's language is
     shown (else in the script's); among several, one with \`if\` wins over one with count, over one with channel, over
     one with neither; then the first.
       xml:lang  its language; default: the script's
       channel   only on these channels: agent web chat voice
       count     only from this attempt on: 2 is the second time the step is put
       if        only while this condition holds -->
<!ELEMENT say (%text;)*>
<!ATTLIST say
  xml:lang CDATA    #IMPLIED
  channel  NMTOKENS #IMPLIED
  count    NMTOKEN  #IMPLIED
  if       CDATA    #IMPLIED>

<!-- note: a hint for the agent; it never reaches a customer.
       xml:lang  its language; default: the script's
       if        only while this condition holds -->
<!ELEMENT note (%text;)*>
<!ATTLIST note
  xml:lang CDATA #IMPLIED
  if       CDATA #IMPLIED>

<!-- em: emphasised text. -->
<!ELEMENT em (%text;)*>

<!-- br: a new line. -->
<!ELEMENT br EMPTY>

<!-- value: the value of an expression, in the front office's locale and time zone. It is text: markup in it is shown, not
     interpreted.
       of      the expression
       format  how it is written; default: by its type. percent takes 0.25 as 25 %; spell tells a number or code sign by
               sign where it is spoken -->
<!ELEMENT value EMPTY>
<!ATTLIST value
  of     CDATA #REQUIRED
  format (text | integer | decimal | money | percent | date | weekday | time | datetime | spell) #IMPLIED>

<!-- info: says something and waits until it was read.
       id       its name
       if       the step is left out unless this condition holds
       timeout  how long a channel waits before the event time-out, for instance 20s -->
<!ELEMENT info (say+, note*, next*)>
<!ATTLIST info
  id      ID      #REQUIRED
  if      CDATA   #IMPLIED
  timeout NMTOKEN #IMPLIED>

<!-- question: asks for one value.
       id         its name as a step
       name       name of the answer in expressions
       type       text; integer; decimal; money; date (a day); time (of day, HH:MM); boolean (yes or no); one (of the
                  options); many (of the options); scale (a whole number from min to max); address (street, postcode, city,
                  country); phone; email; file (name, type, size, id); signature (name, strokes); reference (a business
                  object, found by search)
       required   yes: it cannot be left empty
       if         the step is left out unless this condition holds; in a form: the question is
       default    expression for the value put before it was answered
       options    expression for a list of texts or of found objects, of which to choose, instead of \`option\`; an object
                  is offered by its display name and answered by its key. A scale's options name some of its points
       sensitive  yes: the answer is masked in views, events and the journal
       min, max   ends of a scale; default 1 and 5
       accept     of a file: the media types taken, for instance image/* application/pdf; default: any
       object     of a reference: the business object
       where      of a reference: which of the objects, as in a lookup; needed where customers may search
       timeout    how long a channel waits before the event time-out -->
<!ELEMENT question (say+, note*, option*, check*, next*)>
<!ATTLIST question
  id        ID       #REQUIRED
  name      NMTOKEN  #REQUIRED
  type      (text | integer | decimal | money | date | time | boolean | one | many | scale | address | phone | email | file | signature | reference) #REQUIRED
  required  (yes | no) "no"
  if        CDATA    #IMPLIED
  default   CDATA    #IMPLIED
  options   CDATA    #IMPLIED
  sensitive (yes | no) "no"
  min       NMTOKEN  #IMPLIED
  max       NMTOKEN  #IMPLIED
  accept    CDATA    #IMPLIED
  object    NMTOKEN  #IMPLIED
  where     CDATA    #IMPLIED
  timeout   NMTOKEN  #IMPLIED>

<!-- option: one of the values a question of type one or many may have, and how it is said.
       value  the answer
       if     offered only while this condition holds -->
<!ELEMENT option (say+)>
<!ATTLIST option
  value CDATA #REQUIRED
  if    CDATA #IMPLIED>

<!-- check: what must hold for an answer, and what is said otherwise. An empty answer is not checked.
       expr   the condition; it names the answer like any other
       level  error: the answer is refused; warn: it is refused once and taken when it is given again -->
<!ELEMENT check (say+)>
<!ATTLIST check
  expr  CDATA #REQUIRED
  level (error | warn) "error">

<!-- form: several questions at once. Questions in it have no \`next\` of their own. On chat and telephone they are put one
     after the other.
       id       its name
       if       the step is left out unless this condition holds
       timeout  how long a channel waits before the event time-out -->
<!ELEMENT form (say*, note*, question+, check*, next*)>
<!ATTLIST form
  id      ID      #REQUIRED
  if      CDATA   #IMPLIED
  timeout NMTOKEN #IMPLIED>

<!-- choose: goes on without a word, where the first \`next\` that holds leads.
       id  its name -->
<!ELEMENT choose (next+)>
<!ATTLIST choose
  id ID #REQUIRED>

<!-- next: where to go from here, and what to do on the way.
       to  a step or a section
       if  the condition; without it, always -->
<!ELEMENT next (action*)>
<!ATTLIST next
  to IDREF #REQUIRED
  if CDATA #IMPLIED>

<!-- set: gives a variable a value.
       name  the variable, or a param whose dir is out or inout
       expr  expression for its value
       if    left out unless this condition holds -->
<!ELEMENT set EMPTY>
<!ATTLIST set
  name NMTOKEN #REQUIRED
  expr CDATA   #REQUIRED
  if   CDATA   #IMPLIED>

<!-- lookup: finds business objects. What it found stays as it was for the rest of the session.
       id      its name
       object  a business object of the model
       where   condition over the object's attributes (by their bare names); the script's own values are written
               params.x, vars.x, answers.x, results.x, session.x
       into    name of the result in expressions: the object, or null where there is none; with many, a list
       many    yes: all that are found, up to limit
       sort    attributes to sort by; a leading minus sorts descending
       limit   how many at most, 1 to 100; default 20
       if      left out unless this condition holds -->
<!ELEMENT lookup (fail?)>
<!ATTLIST lookup
  id     ID       #REQUIRED
  object NMTOKEN  #REQUIRED
  where  CDATA    #REQUIRED
  into   NMTOKEN  #REQUIRED
  many   (yes | no) "no"
  sort   NMTOKENS #IMPLIED
  limit  NMTOKEN  #IMPLIED
  if     CDATA    #IMPLIED>

<!-- action: calls a method of a service, once.
       id       its name
       do       the method, contract.method
       into     name of its result in expressions
       mode     sync: the dialog waits for the outcome; async: it goes on, the call is made soon (no into, undo and fail)
       timeout  how long to wait for it, for instance 10s; default 15s
       retry    how often it is tried again, under the same key, when it timed out or the service is down; for methods that
                are declared idempotent
       barrier  yes: once it is done there is no way back to the steps before it
       if       left out unless this condition holds -->
<!ELEMENT action (arg*, undo?, fail?)>
<!ATTLIST action
  id      ID      #REQUIRED
  do      NMTOKEN #REQUIRED
  into    NMTOKEN #IMPLIED
  mode    (sync | async) "sync"
  timeout NMTOKEN #IMPLIED
  retry   NMTOKEN #IMPLIED
  barrier (yes | no) "no"
  if      CDATA   #IMPLIED>

<!-- undo: the method that takes an action back: before it is done again with other arguments, and when the dialog has taken
     another way. Its arguments are computed when the action was done; they may name its result.
       do  the method, contract.method -->
<!ELEMENT undo (arg*)>
<!ATTLIST undo
  do NMTOKEN #REQUIRED>

<!-- arg: one value of the method's input, or of a param of the called script; values.kind is the value \`kind\` within \`values\`.
       name  where it goes
       expr  expression for it; a found object goes as its key -->
<!ELEMENT arg EMPTY>
<!ATTLIST arg
  name NMTOKEN #REQUIRED
  expr CDATA   #REQUIRED>

<!-- fail: where to go when nothing was found or the action did not succeed, and what to say on arrival.
       to  a step or a section -->
<!ELEMENT fail (say*)>
<!ATTLIST fail
  to IDREF #REQUIRED>

<!-- call: runs another script as a part of this one. After its end the first \`next\` that holds decides, else the step below.
       id      its name
       script  the other script
       into    name of its result in expressions: its outcome, and its params with dir out or inout
       if      left out unless this condition holds -->
<!ELEMENT call (arg*, next*)>
<!ATTLIST call
  id     ID      #REQUIRED
  script NMTOKEN #REQUIRED
  into   NMTOKEN #IMPLIED
  if     CDATA   #IMPLIED>

<!-- loop: its steps once for each item of a list, or as long as a condition holds. A \`next\` may lead out of it, none into it.
     What is answered belongs to the item, and stays with it when the list changes.
       id     its name
       over   expression for a list
       as     name of the item in expressions
       while  condition for one more round, instead of over; at its first round answers of the loop are null
       max    how many rounds at most, 1 to 1000; default 100
       into   name of the result: a list with the item and the answers of each round
       if     left out unless this condition holds -->
<!ELEMENT loop (%step;)+>
<!ATTLIST loop
  id    ID      #REQUIRED
  over  CDATA   #IMPLIED
  as    NMTOKEN #IMPLIED
  while CDATA   #IMPLIED
  max   NMTOKEN #IMPLIED
  into  NMTOKEN #IMPLIED
  if    CDATA   #IMPLIED>

<!-- escalate: waits until an agent takes the dialog over, who sees all that was said, and goes on below. With an agent already,
     it is passed by.
       id     its name
       queue  the queue it should wait in
       if     left out unless this condition holds -->
<!ELEMENT escalate (say+, note*)>
<!ATTLIST escalate
  id    ID      #REQUIRED
  queue NMTOKEN #IMPLIED
  if    CDATA   #IMPLIED>

<!-- end: the dialog is over; a text may close it.
       id       its name
       outcome  what came of it: a name for reports, for instance done, not-found, cancelled -->
<!ELEMENT end (say*)>
<!ATTLIST end
  id      ID      #REQUIRED
  outcome NMTOKEN #REQUIRED>
`;
