import { type Table, tableOf } from './table.ts'

/**
 * Where the facts of a notice stand, form by form. Measured on notices of 2016 to 2026; the record and its management
 * block come last, for they summarise what the form says.
 */
export const noticeFields: Table = tableOf(`
id text G/REFERENCE/IDWEB R/idweb
publication/number text G/REFERENCE/IDWEB R/idweb
publication/on day G/INDEXATION/DATE_PUBLICATION R/dateparution
procedureId text R/contractfolderid
description words f:B/natureMarche/description m:B/caracteristiques/principales m:B/caracteristiques/quantites d:B/descriptionMarche/description x:D/OBJET/OBJET_COMPLET
internalReference text fm:B/numeroReference d:B/descriptionMarche/numeroReference f:B/communication/identifiantInterne m:B/renseignements/idMarche x:D/OBJET/REF_MARCHE x:D/CONDITION_ADMINISTRATIVE/REFERENCE_MARCHE
cpv cpv f:B/natureMarche/codeCPV/objetPrincipal/classPrincipale d:B/descriptionMarche/codeCPV/objetPrincipal/classPrincipale d:B/codeCPV/objetPrincipal/classPrincipale x:D/OBJET/CPV/PRINCIPAL
additionalCpv cpvs f:B/natureMarche/codeCPV/objetComplementaire/classPrincipale f:B/natureMarche/codeCPV/objetSecondaire/classPrincipale d:B/descriptionMarche/codeCPV/objetComplementaire/classPrincipale d:B/codeCPV/objetComplementaire/classPrincipale x:D/OBJET/CPV/SUPPLEMENTAIRE
estimate money:estimate f:B/natureMarche/valeurEstimee m:B/autresInformations/valeurTotaleEstimee x:D/OBJET/CARACTERISTIQUES/VALEUR x:D/OBJET/CARACTERISTIQUES/VALEUR_TOTALE
additionalInformation words f:B/informComplementaire/autresInformComplementaire m:B/renseignementsComplementaires m:B/renseignements/rensgComplt d:B/informComplementaire/autresInformComplementaire x:D/RENSEIGNEMENTS_COMPLEMENTAIRES/RENS_COMPLEMENT
procedure/type choice:procedure G/INDEXATION/TYPE_PROCEDURE f:B/procedure/typeProcedure m:B/procedure x:D/PROCEDURE/TYPE_PROCEDURE R/type_procedure
`)

/** The title as the form gives it. */
export const titleFields: Table = tableOf(`
title words f:B/natureMarche/intitule m:B/description/objet m:B/descriptionReduite/objet d:B/descriptionMarche/titreMarche d:B/natureMarche/intitule x:D/OBJET/TITRE_MARCHE x:D/OBJET/OBJET_COMPLET
`)

/** Its summary, which the index cuts at 200 characters. */
export const summaryFields: Table = tableOf(`
title words G/INDEXATION/RESUME_OBJET R/objet
`)

export const natureFields: Table = tableOf(`
nature natures f:B/natureMarche/natureMarche x:D/OBJET/TYPE_MARCHE G/INDEXATION/NATURE_MARCHE R/type_marche
`)

export const placeFields: Table = tableOf(`
description words f:B/natureMarche/lieuExecution x:D/OBJET/LIEU_EXEC_LIVR/ADRESSE x:D/OBJET/LIEU_EXEC_LIVR
postCode text f:B/natureMarche/lieuExecution/cp m:B/description/lieuExecution/cp m:B/description/lieuExecutionLivraison/cp x:D/OBJET/LIEU_EXEC_LIVR/CP
city text f:B/natureMarche/lieuExecution/ville m:B/description/lieuExecution/ville m:B/description/lieuExecutionLivraison/ville x:D/OBJET/LIEU_EXEC_LIVR/VILLE
nuts nuts f:B/natureMarche/lieuExecution/codeNUTS x:D/OBJET/LIEU_EXEC_LIVR/CODE_NUTS
`)

export const buyerFields: Table = tableOf(`
name text f:O/nomOfficiel m:O/acheteurPublic d:O/nom d:O/nomOfficiel m:O/nomOfficiel x:O/DENOMINATION G/INDEXATION/NOMORGANISME R/nomacheteur
city text fmd:O/ville fmd:O/adr/ville x:O/VILLE
postCode text fmd:O/cp fmd:O/adr/cp x:O/CP
street joined fmd:O/adresse fmd:O/adr/voie x:O/ADRESSE
nuts nuts fd:O/codeNUTS x:O/ADJUDICATEUR_NUTS
email text fmd:O/coord/mel f:B/communication/adresseMailContact x:O/MEL
phone text fmd:O/coord/tel f:B/communication/telContact x:O/TEL
fax text fmd:O/coord/fax x:O/FAX
website url fmd:O/coord/url x:O/URL
contactPoint joined fm:O/correspondantPRM f:B/communication/nomContact x:O/CORRESPONDANT x:O/CONTACT
`)

export const buyerIdFields: Table = tableOf(`
id text fmd:O/codeIdentificationNational x:O/CODE_IDENT_NATIONAL x:O/TYPE_IDENT_NATIONAL/SIRET
`)

export const profileFields: Table = tableOf(`
profileUrl url f:B/communication/urlProfilAch fmd:O/urlProfilAcheteur x:O/URL_PROFIL_ACHETEUR
`)

/** What one lot says of itself or, when it says nothing, what the notice says of all. */
export const lotFields: Table = tableOf(`
title words f:L/intitule m:L/intitule d:L/intitule x:L/INTITULE
description words fmd:L/description x:L/DESCRIPTION
internalReference text x:L/REF_LOT
cpv cpv fd:L/codeCPV/objetPrincipal/classPrincipale x:L/CPV/PRINCIPAL
estimate money:estimate f:L/valeurEstimee m:L/montant x:L/VALEUR
duration duration:MONTH fmd:L/dureeMois f:B/natureMarche/dureeMois m:B/duree/nbMois d:B/descriptionMarche/dureeMois x:L/DUREE_MOIS x:D/OBJET/DUREE_DELAI/DUREE_MOIS
startOn day m:B/duree/dateACompterDu x:L/DATE_DEBUT x:D/OBJET/DUREE_DELAI/DATE_DEBUT
endOn day m:B/duree/jusquau x:L/DATE_FIN x:D/OBJET/DUREE_DELAI/DATE_FIN
tenderValidity duration:MONTH x:D/CONDITION_DELAI/VALIDITE_OFFRE/DUREE_MOIS
variants yesno:allowed,not-allowed f:B/procedure/variantes x:L/VARIANTES x:D/PROCEDURE/VARIANTES
euFunds yesno:eu-funds,no-eu-funds x:L/FONDS_COMMUNAUTAIRES
framework yesno:,none x:D/PROCEDURE/AVIS_IMPLIQUE/ACCORD_CADRE
dynamicPurchasingSystem yesno:,none x:D/PROCEDURE/AVIS_IMPLIQUE/SAD
electronicAuction yesno x:D/PROCEDURE/ENCHERE_ELECTRONIQUE
gpaCoverage yesno x:D/PROCEDURE/AMP x:D/OBJET/AMP
recurring yesno x:D/PROCEDURE/MARCHE_PERIODIQUE
renewals words x:L/RENOUVELLEMENT_DESCRIPTION
options words x:L/OPTIONS_DESCRIPTION
additionalInformation words x:L/INFO_COMPL
`)

export const durationInDays: Table = tableOf(`
duration duration:DAY m:B/duree/nbJours x:L/DUREE_JOURS x:D/OBJET/DUREE_DELAI/DUREE_JOURS
`)

export const lotPlaceFields: Table = tableOf(`
nuts nuts x:L/CODE_NUTS
description words x:L/LIEU_PRINCIPAL
`)

export const documentFields: Table = tableOf(`
url url f:B/communication/urlDocConsul m:B/adressesComplt/document/coord/url x:O/URL_DOCUMENT
`)

export const deadlineFields: Table = tableOf(`
tenders deadline f:B/procedure/dateReceptionOffres m:B/delais/receptionOffres d:B/procedure/dateReceptionOffres d:B/delais/receptionOffres x:D/CONDITION_DELAI/RECEPT_OFFRES
requests deadline f:B/procedure/dateReceptionCandidatures m:B/delais/receptionCandidatures x:D/CONDITION_DELAI/RECEPT_CANDIDAT
`)

export const winnerFields: Table = tableOf(`
name text m:W/PersonneMorale m:W/denomination x:W/DENOMINATION
city text m:W/adr/ville x:W/VILLE
postCode text m:W/adr/cp x:W/CP
street joined m:W/adr/voie x:W/ADRESSE
email text m:W/coord/mel x:W/MEL
phone text m:W/coord/tel x:W/TEL
`)

export const winnerIdFields: Table = tableOf(`
id text m:W/codeIdentificationNational x:W/CODE_IDENT_NATIONAL
`)

export const totalFields: Table = tableOf(`
total money:notice-total x:D/ATTRIBUTION/VALEUR_TOTALE
`)

/** One decision: a lot, or the whole contract. */
export const decisionFields: Table = tableOf(`
lot text m:A/numLot x:A/NUM_LOT
title words m:A/intitule x:A/INTITULE x:A/DESCRIPTION
reference text m:A/numMarche x:A/NUM_MARCHE
decidedOn day m:B/autresInformations/dateAttribution x:A/RENSEIGNEMENT/DATE_ATTRIBUTION x:D/ATTRIBUTION/DATE_DECISION
offers integer m:B/autresInformations/nbOffresRecues x:A/RENSEIGNEMENT/NB_OFFRE_RECU
`)
