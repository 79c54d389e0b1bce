"""What the judgement of a breach says, in plain Dutch: each sentence of ``breach*.py`` beside the one it stands for."""

from __future__ import annotations

from collections.abc import Mapping

BREACH: Mapping[str, str] = {
    # whose duty it is, and what is to be done
    "each person": "iedere persoon zelf",
    "public communication": "een openbare mededeling",
    "tell every controller concerned without undue delay, without waiting for a judgement of risk (33(2))":
        "laat het elke verantwoordelijke meteen weten, en wacht niet op een oordeel over het risico (33, lid 2)",
    "tell the processor above without undue delay, who tells the controller; never the authority past them":
        "laat het de verwerker boven ons meteen weten; die vertelt het de verantwoordelijke; meld het nooit zelf bij de AP",
    "ENISA score {} ({}) adds a duty the other reasons did not give": "de score van ENISA, {} ({}), voegt een plicht toe die niet uit de andere redenen volgt",
    "write it in the register: facts, effects, remedial action and the reasons of the decision (33(5))":
        "schrijf het in het register: wat er gebeurde, de gevolgen, wat eraan gedaan is en waarom zo besloten is (33, lid 5)",
    "tell the authority within 72 hours of becoming aware, in phases if need be (33(1), 33(4))":
        "meld het binnen 72 uur na het ontdekken bij de AP; dat mag in delen (33, lid 1 en 4)",
    "tell without undue delay: {} (34(1)-(2))": "vertel het meteen: {} (34, lid 1 en 2)",
    "whether UAVG 42 still stands as in 2021 is not verified; the duty of care of the Wft may ask the same":
        "of UAVG 42 nog geldt zoals in 2021 is niet nagegaan; de zorgplicht van de Wft kan hetzelfde vragen",
    "that a risk is unlikely, with the reasons, since the authority will not be told": "dat een risico onwaarschijnlijk is, en waarom; de AP krijgt dan geen melding",
    "that the exception ({}) really holds, with its evidence; it touches Article 34 alone":
        "dat de uitzondering ({}) echt geldt, en wat dat aantoont; zij gaat alleen over artikel 34",
    "the breach is at a processor: the clock runs from the moment it informed us": "het lek is bij een verwerker: de klok loopt vanaf het moment dat die het ons vertelde",
    "the breach is at a processor: the clock runs from the moment it informed us{}":
        "het lek is bij een verwerker: de klok loopt vanaf het moment dat die het ons vertelde{}",
    " on {}": " op {}",
    "telling only {} is not enough: everyone whose data were touched is told": "alleen {} inlichten is niet genoeg: iedereen om wiens gegevens het gaat krijgt bericht",
    "the notice came later than 72 hours after awareness: give the reasons for the delay (33(1))":
        "de melding kwam later dan 72 uur na het ontdekken: geef de redenen daarvan (33, lid 1)",
    "34(3) put forward against 33(1)": "34, lid 3 is aangevoerd tegen 33, lid 1; dat kan niet",
    "no personal data were touched, so Article 4(12) is not met": "er zijn geen persoonsgegevens geraakt; artikel 4, punt 12 geldt dus niet",
    "keep it in the log of security incidents, with the reason why no personal data were touched":
        "bewaar het in het logboek van beveiligingsincidenten, met de reden waarom er geen persoonsgegevens geraakt zijn",
    "that no personal data were touched": "dat er geen persoonsgegevens geraakt zijn",
    # what others could read, and what was lost
    "nothing shows that others could not read the data": "niets toont aan dat anderen de gegevens niet konden lezen",
    "the data were restored or could be, from a backup, in time": "de gegevens zijn op tijd teruggezet uit een back-up, of dat kon",
    "data were taken in encrypted form; that no one can read them is to be confirmed":
        "er zijn versleutelde gegevens meegenomen; dat niemand ze kan lezen moet nog bevestigd worden",
    "the data were encrypted and the key or password is safe: no one could read them":
        "de gegevens waren versleuteld en de sleutel of het wachtwoord is veilig: niemand kon ze lezen",
    "others could read the data": "anderen konden de gegevens lezen",
    "it is shown that no data left": "het is aangetoond dat er geen gegevens weg zijn",
    "the data could not be reached for a while; nothing shows that others could read them":
        "de gegevens waren een tijd niet bereikbaar; niets wijst erop dat anderen ze konden lezen",
    "nothing shows that no data left": "niets toont aan dat er geen gegevens weg zijn",
    "the only copy is lost": "het enige exemplaar is weg",
    "the service to people was gravely disturbed": "de dienst aan mensen was ernstig verstoord",
    "what happened is not stated, so neither is that nothing was lost": "er staat niet wat er gebeurde, dus ook niet dat er niets verloren ging",
    "people never had to do without the data": "niemand heeft de gegevens hoeven missen",
    "there was no usable electronic backup": "er was geen bruikbare digitale back-up",
    "people had to do without for {} hours": "mensen moesten het {} uur zonder doen",
    "the data were back soon": "de gegevens waren snel terug",
    "what people noticed of the outage is not stated": "er staat niet wat mensen van de storing merkten",
    "nothing shows that the data could be restored": "niets toont aan dat de gegevens terug te zetten waren",
    "how long restoring took is not stated": "er staat niet hoe lang het terugzetten duurde",
    # whether people must be told
    "34(3)(c): telling each person is out of proportion; a public communication that is equally effective must be made":
        "34, lid 3, onder c: iedereen apart inlichten is onevenredig; dan moet er een openbare mededeling komen die even goed werkt",
    "it does not bring back data that are lost": "het brengt verloren gegevens niet terug",
    "it does not undo the disturbance of the service": "het maakt de storing van de dienst niet ongedaan",
    "the data were used, so someone could read them": "de gegevens zijn gebruikt, dus iemand kon ze lezen",
    "the data were not made unintelligible by the state of the art": "de gegevens waren niet naar de stand van de techniek onleesbaar gemaakt",
    "it is not stated that the key is safe": "er staat niet dat de sleutel veilig is",
    "the measure was not in place before the breach": "de maatregel was er nog niet vóór het lek",
    "the device was open or hardly locked, so the data could be read past the encryption":
        "het apparaat was open of nauwelijks op slot; de gegevens waren dus buiten de versleuteling om te lezen",
    "34(3)(c) is not shown: nothing is stated on whether the persons can be reached": "34, lid 3, onder c is niet aangetoond: er staat niet of de mensen te bereiken zijn",
    "34(3)(c) does not apply: the persons can be reached without disproportionate effort":
        "34, lid 3, onder c geldt niet: de mensen zijn zonder te veel moeite te bereiken",
    "34(3)(c): the persons cannot be reached, and a public communication informs them equally effectively":
        "34, lid 3, onder c: de mensen zijn niet te bereiken, en een openbare mededeling werkt even goed",
    "34(3)(a) does not apply: {}": "34, lid 3, onder a geldt niet: {}",
    "34(3)(b) does not apply: {}": "34, lid 3, onder b geldt niet: {}",
    "high risk: tell each person without undue delay (Article 34(1))": "hoog risico: vertel het iedere persoon meteen (artikel 34, lid 1)",
    "silence is not allowed under (c)": "zwijgen mag onder c niet",
    "a stated fact could not be read, so no exception is applied": "iets wat is ingevuld werd niet begrepen, dus er geldt geen uitzondering",
    "UAVG 42 takes financial undertakings under the Wft out of Article 34, not out of 33":
        "UAVG 42 haalt financiële ondernemingen onder de Wft uit artikel 34, niet uit artikel 33",
    "34(3)(a): made unintelligible beforehand by the state of the art, and the key is safe":
        "34, lid 3, onder a: vooraf onleesbaar gemaakt naar de stand van de techniek, en de sleutel is veilig",
    "34(3)(b): wiped before anyone could read it, and that is confirmed": "34, lid 3, onder b: gewist voordat iemand het kon lezen, en dat is bevestigd",
    "that the wipe took effect is not confirmed": "dat het wissen gelukt is, is niet bevestigd",
    # how great the risk is
    "special categories of data or criminal data (Articles 9 and 10)": "bijzondere of strafrechtelijke gegevens (artikel 9 en 10)",
    "national numbers or identity documents: identity theft": "burgerservicenummers of identiteitsbewijzen: identiteitsdiefstal",
    "means of payment or access to accounts: financial loss": "betaalmiddelen of toegang tot rekeningen: schade in geld",
    "pay, income or debts of persons": "loon, inkomen of schulden van mensen",
    "risk unlikely: {}": "een risico is onwaarschijnlijk: {}",
    "it cannot be shown that a risk is unlikely, so there is one (Article 33(1))": "het is niet aan te tonen dat een risico onwaarschijnlijk is, dus het is er (artikel 33, lid 1)",
    "a high risk cannot be ruled out: {}": "een hoog risico is niet uit te sluiten: {}",
    "a stated fact could not be read": "iets wat is ingevuld werd niet begrepen",
    "what kind of data it was is not stated": "er staat niet wat voor gegevens het waren",
    "special categories are concerned, and that no one was harmed is not shown": "het gaat om bijzondere gegevens, en dat niemand schade heeft is niet aangetoond",
    "the data allow someone to pose as the person or to profile them": "met de gegevens kan iemand zich voor de persoon uitgeven of een profiel maken",
    "the data may say something of health, belief or the like": "de gegevens zeggen misschien iets over gezondheid, geloof of iets dergelijks",
    "someone meant to do it, and what they intend cannot be known": "iemand deed het met opzet, en wat die ermee wil is niet te weten",
    "vulnerable people are concerned": "het gaat om kwetsbare mensen",
    "many people are concerned ({})": "het gaat om veel mensen ({})",
    "many people received the data ({})": "veel mensen kregen de gegevens ({})",
    "how many received the data is not counted": "niet is geteld hoeveel mensen de gegevens kregen",
    "the recipient did not confirm in writing that the data are gone": "de ontvanger heeft niet schriftelijk bevestigd dat de gegevens weg zijn",
    "a high risk was found before any exception is looked at": "er is een hoog risico gevonden, nog voor er naar een uitzondering is gekeken",
    "the risk was judged high": "het risico is als hoog beoordeeld",
    "someone acted in the name of a person": "iemand heeft in naam van een ander gehandeld",
    "the data are used against the persons": "de gegevens worden tegen de mensen gebruikt",
    "others could read {}": "anderen konden dit lezen: {}",
    "others could read passwords, which open other accounts as well": "anderen konden wachtwoorden lezen, en die openen ook andere accounts",
    "the salt of the password hashes is known, so the passwords can be found": "de salt van de wachtwoordhashes is bekend, dus de wachtwoorden zijn te vinden",
    "the whereabouts or identity of a protected person came out": "de verblijfplaats of identiteit van iemand die beschermd wordt is bekend geworden",
    "an attacker was inside accounts of persons": "een aanvaller was in de accounts van mensen",
    "an impostor obtained the data: they will be used for fraud": "een bedrieger kreeg de gegevens: die zijn voor fraude",
    "the data were published to an unknown number of people": "de gegevens waren openbaar; hoeveel mensen ze zagen is onbekend",
    "data of vulnerable people reached many or unknown people": "gegevens van kwetsbare mensen kwamen bij veel of onbekende mensen",
    "more than basic contact data reached {} people": "meer dan gewone contactgegevens kwam bij {} mensen",
    "an attacker took readable data, or cannot be shown not to have": "een aanvaller nam leesbare gegevens mee, of het is niet aan te tonen van niet",
    "an insider took more than basic contact data for ends of their own": "iemand van binnen nam meer dan gewone contactgegevens mee voor zichzelf",
    "someone malicious holds data of vulnerable people": "iemand met kwade bedoelingen heeft gegevens van kwetsbare mensen",
    "someone malicious holds data of kinds that cannot be named": "iemand met kwade bedoelingen heeft gegevens waarvan de soort niet te noemen is",
    "an unknown number": "een onbekend aantal",
    "unprotected data of {} of persons lie with a stranger": "onbeschermde gegevens van {} mensen liggen bij een vreemde",
    "unprotected data fit for identity fraud lie with a stranger": "onbeschermde gegevens die geschikt zijn voor identiteitsfraude liggen bij een vreemde",
    "unprotected data of vulnerable people or of unknown kinds lie with a stranger":
        "onbeschermde gegevens van kwetsbare mensen, of van onbekende soort, liggen bij een vreemde",
    "the disturbance of the service harms people gravely": "de storing van de dienst brengt mensen ernstige schade",
    "special categories": "bijzondere gegevens",
    "payment data": "betaalgegevens",
    "pay or income": "loon of inkomen",
    "people depend on the lost or unreachable data: {}": "mensen hebben de verloren of onbereikbare gegevens nodig: {}",
    "it cannot be told which other kinds of data were touched": "niet te zeggen is welke andere soorten gegevens geraakt zijn",
    "the fault may be in the system and touch others": "de fout zit misschien in het systeem en raakt ook anderen",
    "a protected identity is concerned": "het gaat om een beschermde identiteit",
    "someone got in because too little was asked to prove who they are": "iemand kwam binnen omdat te weinig gevraagd werd om te tonen wie hij is",
    "the key is not safe": "de sleutel is niet veilig",
    "the salt is not safe": "de salt is niet veilig",
    "the papers or devices were not locked away": "de papieren of apparaten waren niet opgeborgen achter slot",
    "accounts of persons were opened": "accounts van mensen zijn geopend",
    "the risk was judged to be there": "er is geoordeeld dat er een risico is",
    "facts that could not be read: {}": "ingevuld en niet begrepen: {}",
    "kinds of data that could not be read: {}": "soorten gegevens die niet begrepen werden: {}",
    "an exception of Article 34(3) was put forward for the notice to the authority":
        "een uitzondering van artikel 34, lid 3 is aangevoerd voor de melding bij de AP",
    "only strongly hashed and salted passwords leaked, and nothing to reach the persons by":
        "alleen sterk gehashte wachtwoorden met salt zijn gelekt, en niets waarmee de mensen te bereiken zijn",
    "one trusted recipient bound by secrecy confirmed the deletion in writing; ordinary data of few persons":
        "één vertrouwde ontvanger met geheimhouding bevestigde schriftelijk dat alles gewist is; gewone gegevens van weinig mensen",
    "a small mistake: few persons, few known recipients, and data that say how to reach someone, little more":
        "een kleine vergissing: weinig mensen, weinig bekende ontvangers, en gegevens die weinig meer zeggen dan hoe iemand te bereiken is",
    "a person judged it unlikely; that judgement and its reasons belong in the register":
        "iemand oordeelde dat het onwaarschijnlijk is; dat oordeel en zijn redenen horen in het register",
    "one letter to one known recipient: EDPB case 16 wants the authority told, other authorities are milder":
        "één brief aan één bekende ontvanger: volgens voorbeeld 16 van de EDPB krijgt de AP een melding; andere toezichthouders zijn milder",
    "informing customers whose contact data an employee took is not required but may be wise (EDPB case 08)":
        "klanten inlichten van wie een medewerker contactgegevens meenam hoeft niet, en kan verstandig zijn (EDPB, voorbeeld 08)",
    "the data may say something of health or belief; here the guidelines find that too little (EDPB case 15)":
        "de gegevens zeggen misschien iets over gezondheid of geloof; de richtsnoeren vinden dat hier te weinig (EDPB, voorbeeld 15)",
    "whether people need telling depends on scope and severity (example x of Guidelines 9/2022)":
        "of mensen bericht moeten krijgen hangt af van omvang en ernst (voorbeeld x van Richtsnoeren 9/2022)",
}  # fmt: skip
"""An English sentence of the judgement, ``{}`` where something is filled in, and the Dutch one."""
