"""Documents of a trade that never was, as small as their schemas allow."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]  # Any: JSON


def transport_document(
    number: str = "TDB-0417",
    *,
    code: str = "SMDG:P1",
    sub_reference: str | None = None,
    straight: bool = False,
    blank: bool = False,
) -> Document:
    """A bill of lading: to order, unless it is straight or in blank."""
    provider, carrier = code.split(":")
    address = {"street": "Kiln Road", "city": "Shanghai", "countryCode": "CN"}
    parties: Document = {
        "shipper": {"partyName": "Jade Kiln Exports", "address": address},
        "issuingParty": {"partyName": "Paper Heron Line", "address": address},
    }
    party_code = {"codeListProvider": "GLEIF", "codeListName": "LEI", "partyCode": "DEMO0198"}
    named = {"address": address, "identifyingCodes": [party_code]}
    if straight:
        parties["consignee"] = {"partyName": "Elbe Imports"} | named
    elif not blank:
        parties["endorsee"] = {"partyName": "Jade Kiln Exports"} | named
    document: Document = {
        "transportDocumentReference": number,
        "transportDocumentStatus": "ISSUED",
        "transportDocumentTypeCode": "BOL",
        "isShippedOnBoardType": True,
        "isElectronic": True,
        "isToOrder": not straight,
        "shippedOnBoardDate": "2026-10-05",
        "termsAndConditions": "None of this was ever carried.",
        "receiptTypeAtOrigin": "CY",
        "deliveryTypeAtDestination": "CY",
        "cargoMovementTypeAtOrigin": "FCL",
        "cargoMovementTypeAtDestination": "FCL",
        "carrierCode": carrier,
        "carrierCodeListProvider": provider,
        "transports": {
            "plannedDepartureDate": "2026-10-05",
            "plannedArrivalDate": "2026-11-09",
            "portOfLoading": {"UNLocationCode": "CNSHA"},
            "portOfDischarge": {"UNLocationCode": "DEHAM"},
            "vesselVoyages": [{"vesselName": "Paper Heron", "carrierExportVoyageNumber": "041W"}],
        },
        "invoicePayableAt": {"UNLocationCode": "CNSHA"},
        "partyContactDetails": [{"name": "Documents", "email": "documents@carrier.example"}],
        "documentParties": parties,
        "consignmentItems": [
            {
                "carrierBookingReference": "TDBBKG417",
                "descriptionOfGoods": ["Glazed ceramic tiles"],
                "HSCodes": ["690721"],
                "cargoItems": [
                    {
                        "equipmentReference": "TDZU0001017",
                        "cargoGrossWeight": {"value": 24000, "unit": "KGM"},
                        "outerPackaging": {
                            "packageCode": "PX",
                            "numberOfPackages": 20,
                            "description": "Pallets",
                        },
                    }
                ],
            }
        ],
        "utilizedTransportEquipments": [
            {
                "isShipperOwned": False,
                "equipment": {"equipmentReference": "TDZU0001017", "ISOEquipmentCode": "22G1"},
                "seals": [{"number": "SEAL-1", "source": "CAR"}],
            }
        ],
    }
    if sub_reference is not None:
        document["transportDocumentSubReference"] = sub_reference
    return document


def invoice(number: str = "INV-1", *, code: str = "SMDG:P2") -> str:
    """A commercial invoice (UBL 2.1) of a seller with this code."""
    scheme, value = code.split(":")
    common = "urn:oasis:names:specification:ubl:schema:xsd:Common"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
         xmlns:cac="{common}AggregateComponents-2" xmlns:cbc="{common}BasicComponents-2">
  <cbc:ID>{number}</cbc:ID>
  <cbc:IssueDate>2026-10-06</cbc:IssueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party>
    <cbc:EndpointID schemeID="{scheme}">{value}</cbc:EndpointID>
    <cac:PartyLegalEntity><cbc:RegistrationName>Seller</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cac:PartyLegalEntity><cbc:RegistrationName>Buyer</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:LegalMonetaryTotal>
    <cbc:PayableAmount currencyID="USD">35280.00</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:InvoiceLine>
    <cbc:ID>1</cbc:ID>
    <cbc:InvoicedQuantity unitCode="MTK">2940</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="USD">35280.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Glazed ceramic tiles</cbc:Name></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="USD">12.00</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>
</Invoice>
"""


def policy(number: str = "POL-1", *, code: str = "SMDG:P3", until: str = "2026-12-31") -> Document:
    """A cargo policy of an insurer with this code."""
    scheme, value = code.split(":")
    return {
        "policyNumber": number,
        "policyType": "SINGLE_VOYAGE",
        "issueDate": "2026-10-01",
        "insurer": {"name": "Insurer", "identifiers": [{"scheme": scheme, "value": value}]},
        "insured": {"name": "Insured", "identifiers": [{"scheme": "UEN", "value": "201455778H"}]},
        "coverFrom": "2026-10-01",
        "coverUntil": until,
        "sumInsured": {"amount": 38808, "currency": "USD"},
        "clauses": [{"code": "ICC-A", "edition": "2009-01-01"}],
        "voyage": {
            "portOfLoading": {"name": "Shanghai", "UNLocationCode": "CNSHA"},
            "portOfDischarge": {"name": "Hamburg", "UNLocationCode": "DEHAM"},
        },
        "goods": [
            {"description": "Glazed ceramic tiles", "quantity": {"value": 2940, "unit": "MTK"}}
        ],
    }
