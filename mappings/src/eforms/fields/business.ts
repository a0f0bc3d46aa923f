/** Fields of the registration notices X01 and X02. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const businessTables: Readonly<Record<string, string>> = {
  business: `
OPP-100-Business business.purpose code:notice-purpose efac:NoticePurpose/cbc:PurposeCode
BT-501-Business-National business.nationalId id:national cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='national']/cbc:CompanyID
BT-500-Business business.name text cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='national']/cbc:RegistrationName
BT-501-Business-European business.europeanId id:EU cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cbc:CompanyID
BT-500-Business-European business.europeanName text cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cbc:RegistrationName
OPP-113-Business-European business.registeredOn day cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cbc:RegistrationDate
OPP-110-Business business.registrarCity text cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cac:CorporateRegistrationScheme/cac:JurisdictionRegionAddress/cbc:CityName
OPP-111-Business business.registrarPostCode text cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cac:CorporateRegistrationScheme/cac:JurisdictionRegionAddress/cbc:PostalZone
OPP-112-Business business.registrarCountry code:country cac:BusinessParty/cac:PartyLegalEntity[cbc:CompanyID/@schemeName='EU']/cac:CorporateRegistrationScheme/cac:JurisdictionRegionAddress/cac:Country/cbc:IdentificationCode
OPP-105-Business business.activities code:main-activity cac:BusinessCapability*/cbc:CapabilityTypeCode
BT-510(a)-Business business.street text cac:BusinessParty/cac:PostalAddress/cbc:StreetName
BT-510(b)-Business business.additionalStreet text cac:BusinessParty/cac:PostalAddress/cbc:AdditionalStreetName
BT-510(c)-Business business.addressLine text cac:BusinessParty/cac:PostalAddress/cac:AddressLine/cbc:Line
BT-513-Business business.city text cac:BusinessParty/cac:PostalAddress/cbc:CityName
BT-512-Business business.postCode text cac:BusinessParty/cac:PostalAddress/cbc:PostalZone
BT-507-Business business.nuts nuts cac:BusinessParty/cac:PostalAddress/cbc:CountrySubentityCode
BT-514-Business business.country code:country cac:BusinessParty/cac:PostalAddress/cac:Country/cbc:IdentificationCode
BT-502-Business business.contactPoint text cac:BusinessParty/cac:Contact/cbc:Name
BT-506-Business business.email text cac:BusinessParty/cac:Contact/cbc:ElectronicMail
BT-503-Business business.phone text cac:BusinessParty/cac:Contact/cbc:Telephone
BT-739-Business business.fax text cac:BusinessParty/cac:Contact/cbc:Telefax
BT-505-Business business.website url cac:BusinessParty/cbc:WebsiteURI
OPP-124-Business business.gazetteId text cac:AdditionalDocumentReference/cbc:ID
OPP-124-Business-Scheme business.gazetteScheme text cac:AdditionalDocumentReference/cbc:ID/@schemeName
OPP-120-Business business.gazetteName text cac:AdditionalDocumentReference/cbc:DocumentDescription
OPP-121-Business business.gazettePage text cac:AdditionalDocumentReference/cbc:ReferencedDocumentInternalAddress
OPP-122-Business business.gazetteUrl url cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference/cbc:URI
OPP-123-Business business.gazetteOn day cac:AdditionalDocumentReference/cbc:IssueDate
OPP-130-Business business.note words cbc:Note
OPP-131-Business business.senderEmail text cac:SenderParty/cac:Contact/cbc:ElectronicMail
`,
}
