/**
 * Code lists of ESPD-EDM 2.1.1 to 4.1.0, in small letters: the official rules compare without regard to case. Only lists
 * that a person or program must be told about are here; those of occupations and classifications are not judged.
 */
export const roles: ReadonlySet<string> = setOf('sole-tenderer group-lead group-mem oeron subcont scle sc le gm oenron')
export const sizes: ReadonlySet<string> = setOf('micro small medium sme large')
export const elementTypes: ReadonlySet<string> = setOf(
  'criterion subcriterion requirement_group requirement_subgroup requirement question_group question_subgroup question ' +
    'caption additional_description_line legislation',
)
export const groupTypes: ReadonlySet<string> = setOf('on* ontrue onfalse')
export const confidentialities: ReadonlySet<string> = setOf(
  'public restricted non_public sensitive confidential normal non-public',
)
export const documentTypes: ReadonlySet<string> = setOf(
  'ted_cn ted_pin ted_can espd_request epo-acc-espd-request nojcn nojpin nojcan rojcn rojpin rojcan lojcn lojpin lojcan other ' +
    'tecc016 tecc017 tecc018 tecc019 tecc020 tecc021 tecc022 tecc024',
)
export const applicationTypes: ReadonlySet<string> = setOf('basic extended regulated selfcontained')
export const evaluations: ReadonlySet<string> = setOf('passfail weighted')
export const guiControls: ReadonlySet<string> = setOf(
  'check_box_true check_box_false radio_button_true radio_button_false',
)

/** Procedures of version 2, with the procedure of the authority list that each is; others have no equal there. */
const procedures2: Readonly<Record<string, string>> = {
  open: 'open',
  restricted: 'restricted',
  negotiated: 'neg-w-call',
  comp_negotiation: 'neg-w-call',
  negotiated_wo_call: 'neg-wo-call',
  award_wo_pub: 'neg-wo-call',
  comp_dialogue: 'comp-dial',
  innovation: 'innovation',
}
const otherProcedures2 = setOf(
  'prior restricted_accelerated open_recur negotiated_accelerated award info award_direct design_contest concession ' +
    'concession_wo_pub ami not_specified qual contests_result other not_applicable lov vdl',
)
const procedures4 = setOf(
  'open restricted neg-w-call neg-wo-call comp-dial comp-tend innovation oth-mult oth-single exp-int-rail',
)

/** True for a procedure of version 2 or of the authority list. */
export function isProcedure(code: string, version: string): boolean {
  const own = code.toLowerCase()
  if (version.startsWith('2.')) return own in procedures2 || otherProcedures2.has(own)
  return procedures4.has(own)
}

/** The procedure in the words of version 4, undefined when none is the same. */
export function procedureOf(code: string): string | undefined {
  const own = code.toLowerCase()
  return procedures4.has(own) ? own : procedures2[own]
}

/** ISO 4217: what is in use, and the currencies that the euro replaced. */
export const currencies: ReadonlySet<string> = setOf(
  'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob bov brl bsd btn bwp byn byr bzd cad cdf che ' +
    'chf chw clf clp cny cop cou crc cuc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd ' +
    'hkd hnl hrk htg huf idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad ' +
    'mdl mga mkd mmk mnt mop mru mur mvr mwk mxn mxv myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron ' +
    'rsd rub rwf sar sbd scr sdg sek sgd shp sle sll sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx ' +
    'usd usn uyi uyu uyw uzs ved ves vnd vuv wst xaf xag xau xba xbb xbc xbd xcd xdr xof xpd xpf xpt xsu xts xua xxx yer zar ' +
    'zmw zwl ats bef cyp dem eek esp fim frf grd iep itl ltl luf lvl mtl nlg pte sit skk xeu',
)

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
