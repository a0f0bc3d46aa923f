/** Characters 160 to 255 by their HTML name, in order (HTML 4, Latin-1 set). */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest ' +
  'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'

/** Others that French notices use. */
const others =
  'quot=34 amp=38 apos=39 lt=60 gt=62 OElig=338 oelig=339 Scaron=352 scaron=353 Yuml=376 ndash=8211 mdash=8212 lsquo=8216 rsquo=8217 sbquo=8218 ldquo=8220 rdquo=8221 bdquo=8222 dagger=8224 bull=8226 hellip=8230 permil=8240 lsaquo=8249 rsaquo=8250 euro=8364 trade=8482 rarr=8594 le=8804 ge=8805'

/** The character of an HTML entity by its name, without `&` and `;`. */
export const entityNames: ReadonlyMap<string, string> = new Map([
  ...latin1.split(' ').map((name, place) => [name, String.fromCharCode(160 + place)] as const),
  ...others.split(' ').map((pair) => {
    const [name = '', code = ''] = pair.split('=')
    return [name, String.fromCharCode(Number(code))] as const
  }),
])
