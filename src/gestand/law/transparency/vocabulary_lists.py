"""What a statement enumerates, in words to count: purposes, kinds of data, recipients."""

from __future__ import annotations

from gestand.law.transparency.wording import Words, words

PURPOSES: dict[str, Words] = {
    "deliver": words(
        r"lever(?:en|ing)\b|bezorg|verlenen van|dienstverlening",
        r"uitvoer(?:en|ing) (?:van )?(?:de|onze|uw|een|je|het) (?:dienst|opdracht|reparatie|werk|behandel|bestelling|zorg)",
        r"\bdeliver|provid(?:e|ing) (?:you |our |the |a |and )|\bfulfil|verzenden van (?:uw|je|de)",
        r"\bship(?:ping|ment)?\b|reparatie|\brepair",
    ),
    "invoice": words(
        r"factu|betaling|incasso|contributie|afreken|declar(?:atie|eren)|invoic|\bbilling|payment",
        r"collect(?:ing)? (?:fees|subscription)|membership fee|innen van",
    ),
    "administration": words(r"administratie|boekhoud|belasting|accounting|bookkeeping|\btax|administration"),
    "answer": words(
        r"(?:vra(?:ag|gen)|bericht(?:en)?|verzoek(?:en)?|reacties?) (?:te |kunnen |en \w{1,15} )?(?:be)?antwoord",
        r"beantwoord|contact (?:met u |met je |met jou )?(?:op te nemen|opnemen|te kunnen|onderhouden)",
        r"(?:kunnen |te )(?:bellen|mailen|e-mailen)|answer(?:ing)? (?:your |questions|enquir)",
        r"respond(?:ing)? to (?:your |enquir|questions|you)|reply(?:ing)? to|contact(?:ing)? you|enquir(?:y|ies)",
        r"communicat(?:e|ing|ion) with|klantenservice|customer (?:service|support)|informeren over",
    ),
    "newsletter": words(r"nieuwsbrief|nieuwsbrieven|newsletter|mailing"),
    "marketing": words(
        r"marketing|aanbieding|reclame|promotie|advert|\boffers\b|fundrais|fondsenwerving|donat(?:ie|eur|ion|or)"
    ),
    "account": words(
        r"account (?:aan|te|be)|(?:een|uw|je|jouw) account|(?:your|an|user|customer) account|\blog ?in\b",
        r"registr(?:atie|eren|ation|er)|inschrijv|enrol|lidmaatschap|membership|ledenadministratie",
    ),
    "orders": words(
        r"bestelling|\border(?:s|ing)?\b|aankoop|purchase|reserver|booking|afspraak|appointment|offerte",
        r"quot(?:e|ation)",
    ),
    "security": words(
        r"beveilig|fraude|misbruik|\bsafe(?:ty)?\b|secur(?:e|ity|ing)|\bfraud|abuse|veiligheid|toegangscontrole"
    ),
    "improve": words(r"verbeter|analys|statisti|improv|analytic|research|onderzoek|meten van"),
    "recruit": words(r"sollicit|vacature|recruit|applicants?|job application|personeel|vrijwilliger|volunteer"),
    "care": words(r"behandel(?:ing|en van (?:pati|cli))|medisch|zorgverlening|medical|treatment|health ?care|begeleid"),
    "education": words(
        r"onderwijs|leerling|lesgeven|\bles(?:sen)?\b|toets|educat|teaching|pupil|student|cursus|training",
        r"wedstrijd|competit",
    ),
    "public_service": words(
        r"vergunning|paspoort|uitkering|aanvra(?:ag|gen)|burgerzaken|permit|benefits|\bWOZ\b|handhav|events?\b",
        r"evenement|bijeenkomst",
    ),
    "disputes": words(r"geschil|klacht(?:en)? (?:te |af|be)|klachten|disputes?|legal claims|rechtsvordering"),
}

DATA: dict[str, Words] = {
    "name": words(
        r"\bna(?:am|men)\b|voornaam|achternaam|voor- en|\b(?:full |first |last |sur)?names?\b|NAW|initialen",
        r"voorletters",
    ),
    "address": words(
        r"\b(?:post|woon|bezorg|factuur|huis)?adres(?:sen|gegevens)?\b",
        r"\b(?:postal |home |billing |delivery |shipping |invoice )?address(?:es)?\b|postcode|woonplaats|NAW",
        r"\bstraat\b",
    ),
    "email": words(r"e-?mail ?-?adres|e-?mail(?: address(?:es)?)?\b|mailadres"),
    "phone": words(r"telefoon|mobiel|\b(?:tele)?phone|\bmobile"),
    "birth": words(r"geboorte|date of birth|birth ?da|\bage\b|leeftijd"),
    "gender": words(r"geslacht|aanhef|\bgender\b|\bsex\b|\btitle\b"),
    "bank": words(
        r"bank(?:rekening|gegevens)|rekeningnummer|\bIBAN\b|bank (?:account|details)|credit ?card",
        r"betaal(?:gegevens|wijze|rekening)|payment (?:details|information|data|card)|betalingsgegevens",
        r"billing (?:details|information)",
    ),
    "ip": words(r"\bIP[- ]?(?:adres|address)|\bIP\b"),
    "device": words(
        r"browser|apparaat|\bdevice|operating system|besturingssysteem|(?:surf|klik|zoek)gedrag|browsing",
        r"locatiegegevens|location data|activiteiten op onze website|usage data",
    ),
    "orders": words(
        r"bestel(?:ling|geschiedenis|gegevens|historie)|order (?:history|details|data|number)|purchase history",
        r"aankoop(?:geschiedenis|historie|gegevens)|factuur(?:gegevens|historie)|klantnummer|customer number",
        r"lidnummer|contract(?:gegevens| details)",
    ),
    "message": words(
        r"inhoud van (?:uw|je|het|de|berichten)|correspondentie|correspondence|content of (?:your|the|messages)",
        r"berichten die|messages you",
    ),
    "identity": words(
        r"\bBSN\b|burgerservicenummer|identiteitsbewijs|paspoort(?:nummer)?|rijbewijs|passport|national insurance",
        r"nationaliteit|nationality|identity document",
    ),
    "health": words(
        r"gezondheid|medische|medicatie|allergie|health (?:data|information|records)|medical|diagnos",
        r"verzekering(?:snummer|sgegevens)|insurance",
    ),
    "work": words(
        r"\bcv\b|curriculum|motivatiebrief|opleiding|werkervaring|functie\b|bedrijfsnaam|company name|job title",
        r"\bcompany\b|employer|education|r[ée]sum[ée]|school(?:resultaten|loopbaan)?|cijfers|toetsresultaten",
        r"verzuim|absence",
    ),
    "image": words(r"foto|camerabeelden|video|\bphoto|\bimages\b|pasfoto"),
    "family": words(
        r"gezin|\bouders?\b|noodcontact|emergency contact|next of kin|burgerlijke staat|marital|kenteken",
        r"licence plate|wachtwoord|password|gebruikersnaam|username|team\b|speel|contributie",
    ),
    "contact": words(r"contactgegevens|contact (?:details|data|information)"),
}

RECIPIENTS: dict[str, Words] = {
    "accountant": words(r"boekhoud|accountant|administratiekantoor|bookkeep|belastingadviseur"),
    "hosting": words(
        r"\w{0,3}hosting|hostingpartij|\bhost(?:er|ed)\b|cloud|datacent|data ?cent|\bservers? (?:van|of|at)\b",
        r"webhost|internetprovider",
    ),
    "payment": words(
        r"betaal(?:dienst|provider|platform|partij|verwerker|systeem)|betalingsverwerker|betalingsprovider",
        r"payment (?:provider|service|processor|platform|gateway|institution)|\bMollie\b|\bStripe\b|\bPayPal\b",
        r"\bAdyen\b|\bKlarna\b|\bbank(?:en|s)?\b(?! ?(?:rek|acc|det))|afterpay|iDEAL",
    ),
    "delivery": words(
        r"bezorg(?:dienst|er|bedrijf|partij)|koerier|pakket(?:dienst|vervoerder)|PostNL|\bDHL\b|\bDPD\b|\b(?-i:UPS)\b",
        r"vervoerder|courier|carrier|delivery (?:compan|service|partner)|shipping|logistie|logistic",
        r"transport(?:eur|bedrijf)|postal service|parcel",
    ),
    "collection": words(
        r"incasso|deurwaarder|debt collect|collection agenc|bailiff|kredietbureau", r"credit (?:reference|bureau|agenc)"
    ),
    "software": words(
        r"software|\b(?-i:IT)[- ](?:dienst|bedrijf|lever|partij|beheer|partner|provider|service|supplier|support)",
        r"\b(?-i:ICT)\b|\bCRM\b|\bSaaS\b|Microsoft|Google|Exact\b|Moneybird|Zoho|Salesforce|HubSpot|Zendesk|Amazon Web",
        r"\bAWS\b|e-?mail ?(?:provider|dienst|leverancier|service)|leveranciers van (?:onze )?\w{1,15}",
        r"systeembeheer|webbouwer|websitebouwer",
    ),
    "mail": words(
        r"Mailchimp|nieuwsbrief(?:dienst|software|provider)|verzenden van (?:de|onze) nieuwsbrie",
        r"mailing (?:house|provider|service)|MailerLite|Laposta|Brevo|newsletter (?:tool|service|provider)",
        r"email (?:service|marketing) provider|drukker|printer\b|printing compan",
    ),
    "analytics": words(
        r"analytics|social media|Facebook|\bMeta\b|Instagram|LinkedIn",
        r"advert(?:ising|entie) (?:partner|network|netwerk)|reclamepartner|marketingbureau|marketing agenc",
    ),
    "public": words(
        r"belastingdienst|gemeente(?:n)?\b|\bUWV\b|\b(?-i:DUO)\b|\bSVB\b|\b(?-i:CAK)\b|HMRC|tax (?:authorit|office)",
        r"government (?:bod|agenc|depart)|overheid|politie|police|inspectie|ministerie|local authorit",
    ),
    "care": words(
        r"zorgverlen|huisarts|apothe|specialist|ziekenhu|zorgverzekeraar|\bverzekeraar|insurer|hospital|pharmac",
        r"(?:health|social) (?:\w{1,8} ){0,3}care provider|care providers|social (?:services|workers)|zorginstelling|waarnem|laborator|insurance compan|VECOZO|\b(?-i:LSP)\b|GP practice",
    ),
    "advisers": words(
        r"advoca|notaris|lawyer|legal advis|solicitor|professional advis|adviseur|auditor|rechtsbijstand", r"consultant"
    ),
    "sector": words(
        r"sportbond|\bbond\b|NOC\*?NSF|\bKNVB\b|federatie|umbrella|koepel|samenwerkingsverband|uitgever(?:ij)?",
        r"vervolg(?:school|onderwijs)|leerplicht|GGD|jeugdgezondheid|schoolfoto|moederbedrijf|group compan",
        r"groepsmaatschapp|subsidiar|affiliat|zustermaatschapp|onderaannemer|subcontract|sub-?processors?",
        r"partnerorganisat|franchise|vereniging(?:en)?\b(?= (?:van|waar))|local branches|fabrikant|manufacturer",
        r"monteur|installateur|garantie",
    ),
}
GENERIC_RECIPIENT = words(
    r"\bverwerkers?\b|dienstverleners?\b|leveranciers?\b|service providers?|\bprocessors?\b|suppliers?\b",
    r"\bvendors?\b|third[- ]party providers?|partners?\b|bedrijven die (?:ons|voor ons)",
)
SHARING = words(
    r"\b(?:our|onze) (?:\w{1,15}[- ]){0,2}(?:provider|platform|partner|leverancier|dienstverlener)|\b(?:see|sees|zien|ziet)\b .{0,30}(?:data|gegevens)",
    r"\bde(?:el|elt|len|elde|ling)\b|gedeeld|verstrek|ontvanger|\bderden?\b|doorge(?:ef|even|geven)",
    r"geven .{0,40}\bdoor\b|ter beschikking|schakel(?:en|t) .{0,60}\bin\b|inschakel|ingeschakeld|verwerkers?\b",
    r"krijgen .{0,30}gegevens|krijg(?:t|en) (?:je|uw|jouw|de|deze|die|alleen) .{0,30}gegevens|ontvangen .{0,40}gegevens|toegang tot .{0,30}gegevens|maken .{0,40}gebruik van",
    r"\bgebruik(?:en|t)? (?:hiervoor|daarvoor|wij|we)\b|uitwissel|uitbeste|werken .{0,20}samen|partijen\b",
    r"\bnamens ons\b|\baan (?:wie|andere)|andere organisaties|\bshar(?:e|es|ed|ing)\b|disclos|recipient",
    r"third[- ]part|pass(?:ed|es)? (?:\w{1,12} ){0,4}(?:on|to)\b|provid(?:e|ed) (?:\w{1,12} ){0,4}to\b",
    r"\bprocessors?\b|service providers?|on our behalf|\bwe use\b|work with",
    r"who (?:we|else|can|sees|has|receives)|sen[dt] (?:\w{1,12} ){0,4}to\b|transfer|suppliers?\b",
    r"receive(?:s)? (?:your|the|some|these|this)|\bhosted\b|engage",
)
