/** What the engine itself says to people, by language. A script's own texts are in the script. */
export interface Phrases {
  required: string;
  integer: string;
  decimal: string;
  money: string;
  date: string;
  boolean: string;
  one: string;
  many: string;
  email: string;
  phone: string;
  text: string;
  time: string;
  scale: string;
  address: string;
  file: string;
  signature: string;
  reference: string;
  unknown: string;
  failed: string;
  yes: string;
  no: string;
}

const byLanguage: Readonly<Record<string, Phrases>> = {
  en: {
    required: 'Please fill this in.',
    integer: 'Please enter a whole number.',
    decimal: 'Please enter a number.',
    money: 'Please enter an amount.',
    date: 'Please enter a date that exists.',
    boolean: 'Please answer yes or no.',
    one: 'Please choose one of the options.',
    many: 'Please choose from the options.',
    email: 'Please enter an e-mail address.',
    phone: 'Please enter a telephone number.',
    text: 'This text is too long or not a text.',
    time: 'Please enter a time, for instance 14:30.',
    scale: 'Please choose a number of the scale.',
    address: 'Please enter street and town.',
    file: 'This file is not accepted.',
    signature: 'Please sign.',
    reference: 'We do not find that.',
    unknown: 'This was not asked here:',
    failed: 'That did not succeed.',
    yes: 'yes',
    no: 'no',
  },
  nl: {
    required: 'Vul dit in.',
    integer: 'Vul een heel getal in.',
    decimal: 'Vul een getal in.',
    money: 'Vul een bedrag in.',
    date: 'Vul een bestaande datum in.',
    boolean: 'Antwoord ja of nee.',
    one: 'Kies een van de mogelijkheden.',
    many: 'Kies uit de mogelijkheden.',
    email: 'Vul een e-mailadres in.',
    phone: 'Vul een telefoonnummer in.',
    text: 'Deze tekst is te lang of is geen tekst.',
    time: 'Vul een tijd in, bijvoorbeeld 14:30.',
    scale: 'Kies een getal van de schaal.',
    address: 'Vul straat en plaats in.',
    file: 'Dit bestand wordt niet aangenomen.',
    signature: 'Zet uw handtekening.',
    reference: 'Dat vinden wij niet.',
    unknown: 'Dit is hier niet gevraagd:',
    failed: 'Dat is niet gelukt.',
    yes: 'ja',
    no: 'nee',
  },
  de: {
    required: 'Bitte ausfüllen.',
    integer: 'Bitte eine ganze Zahl eingeben.',
    decimal: 'Bitte eine Zahl eingeben.',
    money: 'Bitte einen Betrag eingeben.',
    date: 'Bitte ein gültiges Datum eingeben.',
    boolean: 'Bitte mit Ja oder Nein antworten.',
    one: 'Bitte eine der Möglichkeiten wählen.',
    many: 'Bitte aus den Möglichkeiten wählen.',
    email: 'Bitte eine E-Mail-Adresse eingeben.',
    phone: 'Bitte eine Telefonnummer eingeben.',
    text: 'Dieser Text ist zu lang oder kein Text.',
    time: 'Bitte eine Uhrzeit eingeben, zum Beispiel 14:30.',
    scale: 'Bitte eine Zahl der Skala wählen.',
    address: 'Bitte Straße und Ort eingeben.',
    file: 'Diese Datei wird nicht angenommen.',
    signature: 'Bitte unterschreiben.',
    reference: 'Das finden wir nicht.',
    unknown: 'Danach wurde hier nicht gefragt:',
    failed: 'Das ist nicht gelungen.',
    yes: 'ja',
    no: 'nein',
  },
  fr: {
    required: 'Veuillez remplir ce champ.',
    integer: 'Veuillez saisir un nombre entier.',
    decimal: 'Veuillez saisir un nombre.',
    money: 'Veuillez saisir un montant.',
    date: 'Veuillez saisir une date valable.',
    boolean: 'Veuillez répondre par oui ou par non.',
    one: 'Veuillez choisir une des possibilités.',
    many: 'Veuillez choisir parmi les possibilités.',
    email: 'Veuillez saisir une adresse e-mail.',
    phone: 'Veuillez saisir un numéro de téléphone.',
    text: "Ce texte est trop long ou n'est pas un texte.",
    time: 'Veuillez saisir une heure, par exemple 14:30.',
    scale: "Veuillez choisir un nombre de l'échelle.",
    address: 'Veuillez saisir la rue et la ville.',
    file: "Ce fichier n'est pas accepté.",
    signature: 'Veuillez signer.',
    reference: 'Nous ne trouvons pas cela.',
    unknown: "Ceci n'a pas été demandé ici :",
    failed: "Cela n'a pas réussi.",
    yes: 'oui',
    no: 'non',
  },
};

const english = byLanguage.en as Phrases;

/** The engine's words in a language; English where they were not translated. */
export function phrasesOf(language: string): Phrases {
  return byLanguage[baseOf(language)] ?? english;
}

/** `nl` of `nl-BE`. */
export function baseOf(language: string): string {
  return language.split('-')[0]?.toLowerCase() ?? language;
}

/** Every word that means yes or no in one of the languages. */
export function readBoolean(word: string): boolean | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === 'true') return true;
  if (wanted === 'false') return false;
  const all = Object.values(byLanguage);
  if (all.some(({ yes }) => yes === wanted)) return true;
  if (all.some(({ no }) => no === wanted)) return false;
  return undefined;
}
