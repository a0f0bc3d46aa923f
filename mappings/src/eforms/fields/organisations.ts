/** Fields of who the notice names: organisations, touch points, owners, buyers. The columns are told in `table.ts`; facts from fields/fields.json of SDK 1.13 to 1.15. */
export const organisationsTables: Readonly<Record<string, string>> = {
  organisation: `
OPT-200-Organization-Company ref id:organization efac:Company/cac:PartyIdentification/cbc:ID
BT-501-Organization-Company ids organisationId efac:Company/cac:PartyLegalEntity*/cbc:CompanyID
BT-500-Organization-Company name name efac:Company/cac:PartyName+/cbc:Name
BT-165-Organization-Company size code:economic-operator-size efac:Company/efbc:CompanySizeCode
BT-510(a)-Organization-Company street text efac:Company/cac:PostalAddress/cbc:StreetName
BT-510(b)-Organization-Company additionalStreet text efac:Company/cac:PostalAddress/cbc:AdditionalStreetName
BT-510(c)-Organization-Company addressLine text efac:Company/cac:PostalAddress/cac:AddressLine/cbc:Line
BT-16-Organization-Company department text efac:Company/cac:PostalAddress/cbc:Department
BT-513-Organization-Company city text efac:Company/cac:PostalAddress/cbc:CityName
BT-512-Organization-Company postCode text efac:Company/cac:PostalAddress/cbc:PostalZone
BT-507-Organization-Company nuts nuts efac:Company/cac:PostalAddress/cbc:CountrySubentityCode
BT-514-Organization-Company country code:country efac:Company/cac:PostalAddress/cac:Country/cbc:IdentificationCode
BT-502-Organization-Company contactPoint text efac:Company/cac:Contact/cbc:Name
BT-506-Organization-Company email text efac:Company/cac:Contact/cbc:ElectronicMail
BT-503-Organization-Company phone text efac:Company/cac:Contact/cbc:Telephone
BT-739-Organization-Company fax text efac:Company/cac:Contact/cbc:Telefax
BT-505-Organization-Company website url efac:Company/cbc:WebsiteURI
BT-509-Organization-Company endpoint url efac:Company/cbc:EndpointID
BT-633-Organization naturalPerson indicator efbc:NaturalPersonIndicator
BT-746-Organization listedOnRegulatedMarket indicator efbc:ListedOnRegulatedMarketIndicator
OPP-050-Organization groupLeader indicator efbc:GroupLeadIndicator
OPP-051-Organization awardingCpb indicator efbc:AwardingCPBIndicator
OPP-052-Organization acquiringCpb indicator efbc:AcquiringCPBIndicator
OPT-302-Organization beneficialOwners id:ubo efac:UltimateBeneficialOwner*/cbc:ID
> ND-Touchpoint touchPoints touchPoint efac:TouchPoint*
`,
  touchPoint: `
OPT-201-Organization-TouchPoint ref id:touchpoint cac:PartyIdentification/cbc:ID
BT-500-Organization-TouchPoint name name cac:PartyName+/cbc:Name
BT-510(a)-Organization-TouchPoint street text cac:PostalAddress/cbc:StreetName
BT-510(b)-Organization-TouchPoint additionalStreet text cac:PostalAddress/cbc:AdditionalStreetName
BT-510(c)-Organization-TouchPoint addressLine text cac:PostalAddress/cac:AddressLine/cbc:Line
BT-16-Organization-TouchPoint department text cac:PostalAddress/cbc:Department
BT-513-Organization-TouchPoint city text cac:PostalAddress/cbc:CityName
BT-512-Organization-TouchPoint postCode text cac:PostalAddress/cbc:PostalZone
BT-507-Organization-TouchPoint nuts nuts cac:PostalAddress/cbc:CountrySubentityCode
BT-514-Organization-TouchPoint country code:country cac:PostalAddress/cac:Country/cbc:IdentificationCode
BT-502-Organization-TouchPoint contactPoint text cac:Contact/cbc:Name
BT-506-Organization-TouchPoint email text cac:Contact/cbc:ElectronicMail
BT-503-Organization-TouchPoint phone text cac:Contact/cbc:Telephone
BT-739-Organization-TouchPoint fax text cac:Contact/cbc:Telefax
BT-505-Organization-TouchPoint website url cbc:WebsiteURI
BT-509-Organization-TouchPoint endpoint url cbc:EndpointID
`,
  beneficialOwner: `
OPT-202-UBO ref id:ubo cbc:ID
OPT-160-UBO firstName text cbc:FirstName
BT-500-UBO familyName text cbc:FamilyName
BT-706-UBO nationalities text efac:Nationality*/cbc:NationalityID
BT-510(a)-UBO street text cac:ResidenceAddress/cbc:StreetName
BT-510(b)-UBO additionalStreet text cac:ResidenceAddress/cbc:AdditionalStreetName
BT-510(c)-UBO addressLine text cac:ResidenceAddress/cac:AddressLine/cbc:Line
BT-513-UBO city text cac:ResidenceAddress/cbc:CityName
BT-512-UBO postCode text cac:ResidenceAddress/cbc:PostalZone
BT-507-UBO nuts nuts cac:ResidenceAddress/cbc:CountrySubentityCode
BT-514-UBO country code:country cac:ResidenceAddress/cac:Country/cbc:IdentificationCode
BT-506-UBO email text cac:Contact/cbc:ElectronicMail
BT-503-UBO phone text cac:Contact/cbc:Telephone
BT-739-UBO fax text cac:Contact/cbc:Telefax
`,
  buyer: `
OPT-300-Procedure-Buyer organisation reference cac:Party/cac:PartyIdentification/cbc:ID
BT-11-Procedure-Buyer legalType code:buyer-legal-type cac:ContractingPartyType[cbc:PartyTypeCode/@listName='buyer-legal-type']/cbc:PartyTypeCode
BT-740-Procedure-Buyer contractingType code:buyer-contracting-type cac:ContractingPartyType[cbc:PartyTypeCode/@listName='buyer-contracting-type']/cbc:PartyTypeCode
BT-10-Procedure-Buyer activity code:authority-activity cac:ContractingActivity[cbc:ActivityTypeCode/@listName='authority-activity']/cbc:ActivityTypeCode
BT-610-Procedure-Buyer entityActivity code:entity-activity cac:ContractingActivity[cbc:ActivityTypeCode/@listName='entity-activity']/cbc:ActivityTypeCode
BT-508-Procedure-Buyer profileUrl url cbc:BuyerProfileURI
> ND-ServiceProviderParty serviceProviders serviceProvider cac:Party/cac:ServiceProviderParty*
`,
  serviceProvider: `
OPT-300-Procedure-SProvider organisation reference cac:Party/cac:PartyIdentification/cbc:ID
OPT-030-Procedure-SProvider role code:organisation-role cbc:ServiceTypeCode
`,
}
