"""What a shop's terms say of the right of withdrawal: the model instructions of Annex I (A) of
Directive 2011/83/EU for goods, with the address of the withdrawal function (docs/law.md L10), to be
copied. Placeholders: `company` (name, address, e-mail), `url`, `days`.

Compared in November 2026: German, all sentences, and the one on the function word for word, with
Anlage 1 to art. 246a section 1 EGBGB as shops print it since June 2026 (BGBl. 2026 I no. 28);
English with Annex I (A) as amended by Directives (EU) 2019/2161 and 2023/2673, as shops print it
that say they compared it with the Official Journal; French without the sentence on the function,
with an English rendering of the annex to article R221-3 of the code de la consommation. Not
compared with an official text, for want of one at hand: the sentence on the function in French,
Italian, Spanish and Dutch, which say what the English one does; and all of Italian, Spanish and
Dutch."""

HEADINGS = {
    "en": ("Right of withdrawal", "Effects of withdrawal"),
    "fr": ("Droit de rétractation", "Effets de la rétractation"),
    "de": ("Widerrufsrecht", "Folgen des Widerrufs"),
    "it": ("Diritto di recesso", "Effetti del recesso"),
    "es": ("Derecho de desistimiento", "Consecuencias del desistimiento"),
    "nl": ("Herroepingsrecht", "Gevolgen van de herroeping"),
}

RIGHT = {
    "en": (
        "You have the right to withdraw from this contract within %(days)s days without giving any "
        "reason.",
        "The withdrawal period will expire after %(days)s days from the day on which you acquire, "
        "or a third party other than the carrier and indicated by you acquires, physical "
        "possession of the last good.",
        "To exercise the right of withdrawal, you must inform us (%(company)s) of your decision to "
        "withdraw from this contract by an unequivocal statement (e.g. a letter sent by post or "
        "e-mail). You may use the model withdrawal form, but it is not obligatory. You can also "
        "exercise your right of withdrawal online at %(url)s. If you use this online feature, we "
        "will send you an acknowledgement of receipt of the withdrawal on a durable medium (e.g. "
        "by e-mail), including its content and the date and time of its submission, without undue "
        "delay.",
        "To meet the withdrawal deadline, it is sufficient for you to send your communication "
        "concerning your exercise of the right of withdrawal before the withdrawal period has "
        "expired.",
    ),
    "fr": (
        "Vous avez le droit de vous rétracter du présent contrat sans donner de motif dans un "
        "délai de %(days)s jours.",
        "Le délai de rétractation expire %(days)s jours après le jour où vous-même, ou un tiers "
        "autre que le transporteur et désigné par vous, prend physiquement possession du dernier "
        "bien.",
        "Pour exercer le droit de rétractation, vous devez nous notifier (%(company)s) votre "
        "décision de rétractation du présent contrat au moyen d'une déclaration dénuée d'ambiguïté "
        "(par exemple, lettre envoyée par la poste ou courrier électronique). Vous pouvez utiliser "
        "le modèle de formulaire de rétractation mais ce n'est pas obligatoire. Vous pouvez "
        "également exercer votre droit de rétractation en ligne à l'adresse %(url)s. Si vous "
        "utilisez cette fonctionnalité, nous vous enverrons sans retard excessif un accusé de "
        "réception de la rétractation sur un support durable (par exemple, par courriel), "
        "comportant son contenu ainsi que la date et l'heure de son envoi.",
        "Pour que le délai de rétractation soit respecté, il suffit que vous transmettiez votre "
        "communication relative à l'exercice du droit de rétractation avant l'expiration du délai "
        "de rétractation.",
    ),
    "de": (
        "Sie haben das Recht, binnen %(days)s Tagen ohne Angabe von Gründen diesen Vertrag zu "
        "widerrufen.",
        "Die Widerrufsfrist beträgt %(days)s Tage ab dem Tag, an dem Sie oder ein von Ihnen "
        "benannter Dritter, der nicht der Beförderer ist, die letzte Ware in Besitz genommen haben "
        "bzw. hat.",
        "Um Ihr Widerrufsrecht auszuüben, müssen Sie uns (%(company)s) mittels einer eindeutigen "
        "Erklärung (z. B. ein mit der Post versandter Brief oder eine E-Mail) über Ihren "
        "Entschluss, diesen Vertrag zu widerrufen, informieren. Sie können dafür das "
        "Muster-Widerrufsformular verwenden, das jedoch nicht vorgeschrieben ist. Sie können Ihr "
        "Widerrufsrecht auch online unter %(url)s ausüben. Wenn Sie diese Online-Funktion nutzen, "
        "übermitteln wir Ihnen auf einem dauerhaften Datenträger (z. B. durch eine E-Mail) "
        "unverzüglich eine Eingangsbestätigung mit Informationen zum Inhalt der Widerrufserklärung "
        "sowie dem Datum und der Uhrzeit ihres Eingangs.",
        "Zur Wahrung der Widerrufsfrist reicht es aus, dass Sie die Mitteilung über die Ausübung "
        "des Widerrufsrechts vor Ablauf der Widerrufsfrist absenden.",
    ),
    "it": (
        "Lei ha il diritto di recedere dal presente contratto, senza indicarne le ragioni, entro "
        "%(days)s giorni.",
        "Il periodo di recesso scade dopo %(days)s giorni dal giorno in cui Lei o un terzo, "
        "diverso dal vettore e da Lei designato, acquisisce il possesso fisico dell'ultimo bene.",
        "Per esercitare il diritto di recesso, Lei è tenuto a informarci (%(company)s) della Sua "
        "decisione di recedere dal presente contratto tramite una dichiarazione esplicita (ad "
        "esempio lettera inviata per posta o posta elettronica). A tal fine può utilizzare il "
        "modulo tipo di recesso, ma non è obbligatorio. Può anche esercitare il diritto di "
        "recesso online all'indirizzo %(url)s. Se utilizza questa funzione, Le trasmetteremo senza "
        "indebito ritardo, su un supporto durevole (ad esempio per posta elettronica), una "
        "conferma di ricevimento del recesso, comprensiva del suo contenuto e della data e ora "
        "della sua presentazione.",
        "Per rispettare il termine di recesso, è sufficiente che Lei invii la comunicazione "
        "relativa all'esercizio del diritto di recesso prima della scadenza del periodo di "
        "recesso.",
    ),
    "es": (
        "Tiene usted derecho a desistir del presente contrato en un plazo de %(days)s días "
        "naturales sin necesidad de justificación.",
        "El plazo de desistimiento expirará a los %(days)s días naturales del día que usted o un "
        "tercero por usted indicado, distinto del transportista, adquirió la posesión material del "
        "último de los bienes.",
        "Para ejercer el derecho de desistimiento, deberá usted notificarnos (%(company)s) su "
        "decisión de desistir del contrato a través de una declaración inequívoca (por ejemplo, "
        "una carta enviada por correo postal o correo electrónico). Podrá utilizar el modelo de "
        "formulario de desistimiento, aunque su uso no es obligatorio. También puede ejercer el "
        "derecho de desistimiento en línea en %(url)s. Si utiliza esta función, le enviaremos sin "
        "demora indebida, en un soporte duradero (por ejemplo, por correo electrónico), un acuse "
        "de recibo del desistimiento que incluirá su contenido y la fecha y hora de su "
        "presentación.",
        "Para cumplir el plazo de desistimiento, basta con que la comunicación relativa al "
        "ejercicio por su parte de este derecho sea enviada antes de que venza el plazo.",
    ),
    "nl": (
        "U heeft het recht om binnen een termijn van %(days)s dagen zonder opgave van redenen de "
        "overeenkomst te herroepen.",
        "De herroepingstermijn verstrijkt %(days)s dagen na de dag waarop u of een door u "
        "aangewezen derde, die niet de vervoerder is, het laatste goed fysiek in bezit krijgt.",
        "Om het herroepingsrecht uit te oefenen, moet u ons (%(company)s) via een ondubbelzinnige "
        "verklaring (bijvoorbeeld schriftelijk per post of e-mail) op de hoogte stellen van uw "
        "beslissing de overeenkomst te herroepen. U kunt hiervoor gebruikmaken van het "
        "modelformulier voor herroeping, maar bent hiertoe niet verplicht. U kunt het "
        "herroepingsrecht ook online uitoefenen op %(url)s. Als u van deze functie gebruikmaakt, "
        "sturen wij u zonder onnodige vertraging op een duurzame gegevensdrager (bijvoorbeeld per "
        "e-mail) een bevestiging van ontvangst van de herroeping, met de inhoud ervan en de datum "
        "en het tijdstip van indiening.",
        "Om de herroepingstermijn na te leven volstaat het om uw mededeling betreffende uw "
        "uitoefening van het herroepingsrecht te verzenden voordat de herroepingstermijn is "
        "verstreken.",
    ),
}

EFFECTS = {
    "en": (
        "If you withdraw from this contract, we shall reimburse to you all payments received from "
        "you, including the costs of delivery (with the exception of the supplementary costs "
        "resulting from your choice of a type of delivery other than the least expensive type of "
        "standard delivery offered by us), without undue delay and in any event not later than 14 "
        "days from the day on which we are informed about your decision to withdraw from this "
        "contract. We will carry out such reimbursement using the same means of payment as you "
        "used for the initial transaction, unless you have expressly agreed otherwise; in any "
        "event, you will not incur any fees as a result of such reimbursement.",
        "We may withhold reimbursement until we have received the goods back or you have supplied "
        "evidence of having sent back the goods, whichever is the earliest.",
        "You shall send back the goods or hand them over to us without undue delay and in any "
        "event not later than 14 days from the day on which you communicate your withdrawal from "
        "this contract to us. The deadline is met if you send back the goods before the period of "
        "14 days has expired.",
    ),
    "fr": (
        "En cas de rétractation de votre part du présent contrat, nous vous rembourserons tous les "
        "paiements reçus de vous, y compris les frais de livraison (à l'exception des frais "
        "supplémentaires découlant du fait que vous avez choisi, le cas échéant, un mode de "
        "livraison autre que le mode moins coûteux de livraison standard proposé par nous) sans "
        "retard excessif et, en tout état de cause, au plus tard quatorze jours à compter du jour "
        "où nous sommes informés de votre décision de rétractation du présent contrat. Nous "
        "procéderons au remboursement en utilisant le même moyen de paiement que celui que vous "
        "aurez utilisé pour la transaction initiale, sauf si vous convenez expressément d'un moyen "
        "différent ; en tout état de cause, ce remboursement n'occasionnera pas de frais pour "
        "vous.",
        "Nous pouvons différer le remboursement jusqu'à ce que nous ayons reçu le bien ou jusqu'à "
        "ce que vous ayez fourni une preuve d'expédition du bien, la date retenue étant celle du "
        "premier de ces faits.",
        "Vous devrez renvoyer ou rendre le bien sans retard excessif et, en tout état de cause, au "
        "plus tard quatorze jours après que vous nous aurez communiqué votre décision de "
        "rétractation du présent contrat. Ce délai est réputé respecté si vous renvoyez le bien "
        "avant l'expiration du délai de quatorze jours.",
    ),
    "de": (
        "Wenn Sie diesen Vertrag widerrufen, haben wir Ihnen alle Zahlungen, die wir von Ihnen "
        "erhalten haben, einschließlich der Lieferkosten (mit Ausnahme der zusätzlichen Kosten, "
        "die sich daraus ergeben, dass Sie eine andere Art der Lieferung als die von uns "
        "angebotene, günstigste Standardlieferung gewählt haben), unverzüglich und spätestens "
        "binnen vierzehn Tagen ab dem Tag zurückzuzahlen, an dem die Mitteilung über Ihren "
        "Widerruf dieses Vertrags bei uns eingegangen ist. Für diese Rückzahlung verwenden wir "
        "dasselbe Zahlungsmittel, das Sie bei der ursprünglichen Transaktion eingesetzt haben, es "
        "sei denn, mit Ihnen wurde ausdrücklich etwas anderes vereinbart; in keinem Fall werden "
        "Ihnen wegen dieser Rückzahlung Entgelte berechnet.",
        "Wir können die Rückzahlung verweigern, bis wir die Waren wieder zurückerhalten haben oder "
        "bis Sie den Nachweis erbracht haben, dass Sie die Waren zurückgesandt haben, je nachdem, "
        "welches der frühere Zeitpunkt ist.",
        "Sie haben die Waren unverzüglich und in jedem Fall spätestens binnen vierzehn Tagen ab "
        "dem Tag, an dem Sie uns über den Widerruf dieses Vertrags unterrichten, an uns "
        "zurückzusenden oder zu übergeben. Die Frist ist gewahrt, wenn Sie die Waren vor Ablauf "
        "der Frist von vierzehn Tagen absenden.",
    ),
    "it": (
        "Se Lei recede dal presente contratto, Le saranno rimborsati tutti i pagamenti che ha "
        "effettuato a nostro favore, compresi i costi di consegna (ad eccezione dei costi "
        "supplementari derivanti dalla Sua eventuale scelta di un tipo di consegna diverso dal "
        "tipo meno costoso di consegna standard da noi offerto), senza indebito ritardo e in ogni "
        "caso non oltre 14 giorni dal giorno in cui siamo informati della Sua decisione di "
        "recedere dal presente contratto. Detti rimborsi saranno effettuati utilizzando lo stesso "
        "mezzo di pagamento da Lei usato per la transazione iniziale, salvo che Lei non abbia "
        "espressamente convenuto altrimenti; in ogni caso, non dovrà sostenere alcun costo quale "
        "conseguenza di tale rimborso.",
        "Il rimborso può essere sospeso fino al ricevimento dei beni oppure fino all'avvenuta "
        "dimostrazione da parte Sua di aver rispedito i beni, se precedente.",
        "È pregato di rispedire i beni o di consegnarli a noi senza indebiti ritardi e in ogni "
        "caso entro 14 giorni dal giorno in cui ci ha comunicato il Suo recesso dal presente "
        "contratto. Il termine è rispettato se Lei rispedisce i beni prima della scadenza del "
        "periodo di 14 giorni.",
    ),
    "es": (
        "En caso de desistimiento por su parte, le devolveremos todos los pagos recibidos de "
        "usted, incluidos los gastos de entrega (con la excepción de los gastos adicionales "
        "resultantes de la elección por su parte de una modalidad de entrega diferente a la "
        "modalidad menos costosa de entrega ordinaria que ofrezcamos) sin ninguna demora indebida "
        "y, en todo caso, a más tardar 14 días naturales a partir de la fecha en la que se nos "
        "informe de su decisión de desistir del presente contrato. Procederemos a efectuar dicho "
        "reembolso utilizando el mismo medio de pago empleado por usted para la transacción "
        "inicial, a no ser que haya usted dispuesto expresamente lo contrario; en todo caso, no "
        "incurrirá en ningún gasto como consecuencia del reembolso.",
        "Podremos retener el reembolso hasta haber recibido los bienes, o hasta que usted haya "
        "presentado una prueba de la devolución de los mismos, según qué condición se cumpla "
        "primero.",
        "Deberá usted devolvernos o entregarnos directamente los bienes sin ninguna demora "
        "indebida y, en cualquier caso, a más tardar en el plazo de 14 días naturales a partir de "
        "la fecha en que nos comunique su decisión de desistimiento del contrato. Se considerará "
        "cumplido el plazo si efectúa la devolución de los bienes antes de que haya concluido "
        "dicho plazo.",
    ),
    "nl": (
        "Als u de overeenkomst herroept, ontvangt u alle betalingen die u tot op dat moment heeft "
        "gedaan, inclusief leveringskosten (met uitzondering van eventuele extra kosten ten "
        "gevolge van uw keuze voor een andere wijze van levering dan de door ons geboden "
        "goedkoopste standaardlevering) onverwijld en in ieder geval niet later dan 14 dagen nadat "
        "wij op de hoogte zijn gesteld van uw beslissing de overeenkomst te herroepen, van ons "
        "terug. Wij betalen u terug met hetzelfde betaalmiddel als waarmee u de oorspronkelijke "
        "transactie heeft verricht, tenzij u uitdrukkelijk anderszins heeft ingestemd; in ieder "
        "geval zullen u voor zulke terugbetaling geen kosten in rekening worden gebracht.",
        "Wij mogen wachten met terugbetaling tot wij de goederen hebben teruggekregen, of u heeft "
        "aangetoond dat u de goederen heeft teruggezonden, al naargelang welk tijdstip eerst valt.",
        "U dient de goederen onverwijld, doch in ieder geval niet later dan 14 dagen na de dag "
        "waarop u het besluit de overeenkomst te herroepen aan ons heeft medegedeeld, aan ons "
        "terug te zenden of te overhandigen. U bent op tijd als u de goederen terugstuurt voordat "
        "de termijn van 14 dagen is verstreken.",
    ),
}

COST = {
    "shop": {
        "en": "We will bear the cost of returning the goods.",
        "fr": "Nous prendrons en charge les frais de renvoi du bien.",
        "de": "Wir tragen die Kosten der Rücksendung der Waren.",
        "it": "I costi della restituzione dei beni saranno a nostro carico.",
        "es": "Nos haremos cargo de los costes de devolución de los bienes.",
        "nl": "Wij zullen de kosten van het terugzenden van de goederen voor onze rekening nemen.",
    },
    "customer": {
        "en": "You will have to bear the direct cost of returning the goods.",
        "fr": "Vous devrez prendre en charge les frais directs de renvoi du bien.",
        "de": "Sie tragen die unmittelbaren Kosten der Rücksendung der Waren.",
        "it": "I costi diretti della restituzione dei beni saranno a Suo carico.",
        "es": "Deberá usted asumir el coste directo de devolución de los bienes.",
        "nl": "De directe kosten van het terugzenden van de goederen komen voor uw rekening.",
    },
}

LIABILITY = {
    "en": "You are only liable for any diminished value of the goods resulting from the handling "
    "other than what is necessary to establish the nature, characteristics and functioning of the "
    "goods.",
    "fr": "Votre responsabilité n'est engagée qu'à l'égard de la dépréciation du bien résultant de "
    "manipulations autres que celles nécessaires pour établir la nature, les caractéristiques et "
    "le bon fonctionnement de ce bien.",
    "de": "Sie müssen für einen etwaigen Wertverlust der Waren nur aufkommen, wenn dieser "
    "Wertverlust auf einen zur Prüfung der Beschaffenheit, Eigenschaften und Funktionsweise der "
    "Waren nicht notwendigen Umgang mit ihnen zurückzuführen ist.",
    "it": "Lei è responsabile solo della diminuzione del valore dei beni risultante da una "
    "manipolazione del bene diversa da quella necessaria per stabilire la natura, le "
    "caratteristiche e il funzionamento dei beni.",
    "es": "Solo será usted responsable de la disminución de valor de los bienes resultante de una "
    "manipulación distinta a la necesaria para establecer la naturaleza, las características y el "
    "funcionamiento de los bienes.",
    "nl": "U bent alleen aansprakelijk voor de waardevermindering van de goederen die het gevolg "
    "is van het gebruik van de goederen, dat verder gaat dan nodig is om de aard, de kenmerken en "
    "de werking van de goederen vast te stellen.",
}


def get_information(language, company, url, days, bearer):
    """Return the information as (heading, paragraphs) pairs in one of `texts.LANGUAGES`.

    :param str company: name, address and e-mail
    :param str url: of the withdrawal function
    :param int days: of the period
    :param str bearer: `shop` or `customer`, who pays the way back
    """
    values = {"company": company, "url": url, "days": days}
    right, effects = HEADINGS[language]
    return [
        (right, [paragraph % values for paragraph in RIGHT[language]]),
        (effects, [*EFFECTS[language], COST[bearer][language], LIABILITY[language]]),
    ]
