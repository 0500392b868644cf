"""The words of the withdrawal function, in one place.

The labels are prescribed by law (docs/law.md L1), so they do not go through Odoo's translations:
the visitor reads them in his language also where that language is not installed. The rest of the
page, the statement and the receipt follow, so that nobody declares something in a mixture of
languages. A further language is a further entry of each text.
"""

from babel.dates import format_date

LANGUAGES = ("en", "fr", "de", "it", "es", "nl")

# The words of CRD art. 11a(1) in each language version: the function itself. The German ones are
# also those of BGB § 356a; the French ones are those of code de la consommation D.221-5, which
# binds French shops, where the directive has other words ...
WITHDRAW_LABELS = {
    "en": "withdraw from contract here",
    "fr": "renoncer au contrat ici",
    "de": "Vertrag widerrufen",
    "it": "recedere dal contratto qui",
    "es": "desistir del contrato aquí",
    "nl": "hier de overeenkomst herroepen",
}
# ... and art. 11a(3): the only control that submits the statement.
CONFIRM_LABELS = {
    "en": "confirm withdrawal",
    "fr": "confirmer la rétractation",
    "de": "Widerruf bestätigen",
    "it": "conferma recesso",
    "es": "confirmar desistimiento",
    "nl": "herroeping bevestigen",
}

TEXTS = {
    # === STATEMENT PAGE === #
    "intro": {
        "en": "Withdraw from a purchase here. You need not give a reason. Nothing is sent before "
        "you confirm it on the next page.",
        "fr": "Exercez ici votre droit de rétractation. Vous n'avez pas à motiver votre décision. "
        "Rien n'est envoyé avant votre confirmation à la page suivante.",
        "de": "Hier können Sie einen Kauf widerrufen. Einen Grund müssen Sie nicht angeben. Es "
        "wird nichts gesendet, bevor Sie es auf der nächsten Seite bestätigen.",
        "it": "Qui può recedere da un acquisto. Non è necessario indicare un motivo. Nulla viene "
        "inviato prima della Sua conferma nella pagina successiva.",
        "es": "Aquí puede desistir de una compra. No tiene que indicar ningún motivo. No se envía "
        "nada antes de que lo confirme en la página siguiente.",
        "nl": "Hier kunt u een aankoop herroepen. U hoeft geen reden op te geven. Er wordt niets "
        "verzonden voordat u het op de volgende pagina bevestigt.",
    },
    "your_orders": {
        "en": "Your orders",
        "fr": "Vos commandes",
        "de": "Ihre Bestellungen",
        "it": "I Suoi ordini",
        "es": "Sus pedidos",
        "nl": "Uw bestellingen",
    },
    "other_contract": {
        "en": "Another purchase",
        "fr": "Un autre achat",
        "de": "Ein anderer Kauf",
        "it": "Un altro acquisto",
        "es": "Otra compra",
        "nl": "Een andere aankoop",
    },
    "order_of": {
        "en": "Order %(order)s of %(date)s",
        "fr": "Commande %(order)s du %(date)s",
        "de": "Bestellung %(order)s vom %(date)s",
        "it": "Ordine %(order)s del %(date)s",
        "es": "Pedido %(order)s del %(date)s",
        "nl": "Bestelling %(order)s van %(date)s",
    },
    "sent_and_arrived": {
        "en": "Sent on %(sent)s, arrived on %(day)s.",
        "fr": "Expédiée le %(sent)s, arrivée le %(day)s.",
        "de": "Versandt am %(sent)s, angekommen am %(day)s.",
        "it": "Spedito il %(sent)s, arrivato il %(day)s.",
        "es": "Enviado el %(sent)s, llegó el %(day)s.",
        "nl": "Verzonden op %(sent)s, aangekomen op %(day)s.",
    },
    "sent_and_expected": {
        "en": "Sent on %(sent)s, expected by %(day)s.",
        "fr": "Expédiée le %(sent)s, attendue au plus tard le %(day)s.",
        "de": "Versandt am %(sent)s, erwartet bis %(day)s.",
        "it": "Spedito il %(sent)s, arrivo previsto entro il %(day)s.",
        "es": "Enviado el %(sent)s, llegada prevista a más tardar el %(day)s.",
        "nl": "Verzonden op %(sent)s, verwacht uiterlijk op %(day)s.",
    },
    "scope": {
        "en": "What do you withdraw from?",
        "fr": "Sur quoi porte votre rétractation ?",
        "de": "Was widerrufen Sie?",
        "it": "Da quali articoli recede?",
        "es": "¿De qué artículos desiste?",
        "nl": "Wat herroept u?",
    },
    "scope_all": {
        "en": "The whole order",
        "fr": "Toute la commande",
        "de": "Die ganze Bestellung",
        "it": "L'intero ordine",
        "es": "Todo el pedido",
        "nl": "De hele bestelling",
    },
    "scope_items": {
        "en": "Only these items",
        "fr": "Seulement ces articles",
        "de": "Nur diese Artikel",
        "it": "Solo questi articoli",
        "es": "Solo estos artículos",
        "nl": "Alleen deze artikelen",
    },
    "quantity_of": {
        "en": "Quantity of %(product)s",
        "fr": "Quantité de %(product)s",
        "de": "Menge von %(product)s",
        "it": "Quantità di %(product)s",
        "es": "Cantidad de %(product)s",
        "nl": "Aantal van %(product)s",
    },
    "of_most": {
        "en": "of %(most)s",
        "fr": "sur %(most)s",
        "de": "von %(most)s",
        "it": "di %(most)s",
        "es": "de %(most)s",
        "nl": "van %(most)s",
    },
    "contract": {
        "en": "Order number",
        "fr": "Numéro de commande",
        "de": "Bestellnummer",
        "it": "Numero d'ordine",
        "es": "Número de pedido",
        "nl": "Bestelnummer",
    },
    "contract_help": {
        "en": "Or the invoice number, or any words that tell us which purchase you mean.",
        "fr": "Ou le numéro de facture, ou tout autre élément qui identifie l'achat.",
        "de": "Oder die Rechnungsnummer, oder Angaben, aus denen der Kauf hervorgeht.",
        "it": "Oppure il numero di fattura, o altre indicazioni che identifichino l'acquisto.",
        "es": "O el número de factura, o cualquier dato que identifique la compra.",
        "nl": "Of het factuurnummer, of andere gegevens waaruit de aankoop blijkt.",
    },
    "part": {
        "en": "Only some of the items? Which ones and how many",
        "fr": "Une partie des articles seulement ? Lesquels et combien",
        "de": "Nur einzelne Artikel? Welche und wie viele",
        "it": "Solo alcuni articoli? Quali e quanti",
        "es": "¿Solo algunos artículos? Cuáles y cuántos",
        "nl": "Alleen sommige artikelen? Welke en hoeveel",
    },
    "part_help": {
        "en": "Leave this empty to withdraw from the whole contract.",
        "fr": "Laissez ce champ vide pour renoncer à tout le contrat.",
        "de": "Lassen Sie das Feld leer, um den ganzen Vertrag zu widerrufen.",
        "it": "Lasci vuoto questo campo per recedere dall'intero contratto.",
        "es": "Déjelo vacío para desistir de todo el contrato.",
        "nl": "Laat dit leeg om de hele overeenkomst te herroepen.",
    },
    "name": {
        "en": "Your name",
        "fr": "Votre nom",
        "de": "Ihr Name",
        "it": "Il Suo nome",
        "es": "Su nombre",
        "nl": "Uw naam",
    },
    "email": {
        "en": "E-mail address for the receipt",
        "fr": "Adresse e-mail pour l'accusé de réception",
        "de": "E-Mail-Adresse für die Eingangsbestätigung",
        "it": "Indirizzo e-mail per la conferma di ricevimento",
        "es": "Correo electrónico para el acuse de recibo",
        "nl": "E-mailadres voor de ontvangstbevestiging",
    },
    "optional": {
        "en": "(optional)",
        "fr": "(facultatif)",
        "de": "(freiwillig)",
        "it": "(facoltativo)",
        "es": "(opcional)",
        "nl": "(optioneel)",
    },
    "continue": {
        "en": "Continue",
        "fr": "Continuer",
        "de": "Weiter",
        "it": "Continua",
        "es": "Continuar",
        "nl": "Verder",
    },
    "other_ways": {
        "en": "You may also withdraw by e-mail or letter, for example with the",
        "fr": "Vous pouvez aussi vous rétracter par e-mail ou par courrier, par exemple avec le",
        "de": "Sie können auch per E-Mail oder Brief widerrufen, zum Beispiel mit dem",
        "it": "Può recedere anche per e-mail o per lettera, ad esempio con il",
        "es": "También puede desistir por correo electrónico o por carta, por ejemplo con el",
        "nl": "U kunt ook per e-mail of brief herroepen, bijvoorbeeld met het",
    },
    "model_form": {
        "en": "Model withdrawal form",
        "fr": "Modèle de formulaire de rétractation",
        "de": "Muster-Widerrufsformular",
        "it": "Modulo di recesso tipo",
        "es": "Modelo de formulario de desistimiento",
        "nl": "Modelformulier voor herroeping",
    },
    # === ON THE FORM FOR RETURNS === #
    "also_until": {
        "en": "Until %(date)s you may also withdraw from the contract, without a reason.",
        "fr": "Jusqu'au %(date)s, vous pouvez aussi vous rétracter, sans avoir à motiver votre "
        "décision.",
        "de": "Bis zum %(date)s können Sie den Vertrag auch widerrufen, ohne Angabe von Gründen.",
        "it": "Fino al %(date)s può anche recedere dal contratto, senza indicare un motivo.",
        "es": "Hasta el %(date)s también puede desistir del contrato, sin indicar el motivo.",
        "nl": "Tot en met %(date)s kunt u de overeenkomst ook herroepen, zonder opgave van "
        "redenen.",
    },
    "also_now": {
        "en": "You may also withdraw from the contract, without a reason.",
        "fr": "Vous pouvez aussi vous rétracter, sans avoir à motiver votre décision.",
        "de": "Sie können den Vertrag auch widerrufen, ohne Angabe von Gründen.",
        "it": "Può anche recedere dal contratto, senza indicare un motivo.",
        "es": "También puede desistir del contrato, sin indicar el motivo.",
        "nl": "U kunt de overeenkomst ook herroepen, zonder opgave van redenen.",
    },
    # === ERRORS === #
    "errors": {
        "en": "Please check these entries:",
        "fr": "Veuillez vérifier ces informations :",
        "de": "Bitte prüfen Sie diese Angaben:",
        "it": "Verifichi questi dati:",
        "es": "Compruebe estos datos:",
        "nl": "Controleer deze gegevens:",
    },
    "error_name": {
        "en": "Enter your name.",
        "fr": "Indiquez votre nom.",
        "de": "Geben Sie Ihren Namen an.",
        "it": "Indichi il Suo nome.",
        "es": "Indique su nombre.",
        "nl": "Vul uw naam in.",
    },
    "error_contract": {
        "en": "Enter the order number, or tell us which purchase you mean.",
        "fr": "Indiquez le numéro de commande, ou de quel achat il s'agit.",
        "de": "Geben Sie die Bestellnummer an, oder um welchen Kauf es geht.",
        "it": "Indichi il numero d'ordine, o di quale acquisto si tratta.",
        "es": "Indique el número de pedido, o de qué compra se trata.",
        "nl": "Vul het bestelnummer in, of om welke aankoop het gaat.",
    },
    "error_email": {
        "en": "Enter an e-mail address such as anna@example.com.",
        "fr": "Indiquez une adresse e-mail, par exemple anna@example.com.",
        "de": "Geben Sie eine E-Mail-Adresse an, zum Beispiel anna@example.com.",
        "it": "Indichi un indirizzo e-mail, ad esempio anna@example.com.",
        "es": "Indique un correo electrónico, por ejemplo anna@example.com.",
        "nl": "Vul een e-mailadres in, bijvoorbeeld anna@example.com.",
    },
    "error_long": {
        "en": "At most %(most)s characters, please.",
        "fr": "%(most)s caractères au maximum.",
        "de": "Bitte höchstens %(most)s Zeichen.",
        "it": "Al massimo %(most)s caratteri.",
        "es": "Como máximo %(most)s caracteres.",
        "nl": "Hoogstens %(most)s tekens.",
    },
    "error_items": {
        "en": "Tick at least one item, or choose the whole order.",
        "fr": "Cochez au moins un article, ou choisissez toute la commande.",
        "de": "Kreuzen Sie mindestens einen Artikel an, oder wählen Sie die ganze Bestellung.",
        "it": "Selezioni almeno un articolo, oppure l'intero ordine.",
        "es": "Marque al menos un artículo, o elija todo el pedido.",
        "nl": "Vink minstens één artikel aan, of kies de hele bestelling.",
    },
    "error_quantity": {
        "en": "%(product)s: enter a quantity up to %(most)s.",
        "fr": "%(product)s : indiquez une quantité jusqu'à %(most)s.",
        "de": "%(product)s: Geben Sie eine Menge bis %(most)s an.",
        "it": "%(product)s: indichi una quantità fino a %(most)s.",
        "es": "%(product)s: indique una cantidad de hasta %(most)s.",
        "nl": "%(product)s: vul een aantal tot en met %(most)s in.",
    },
    "error_session": {
        "en": "Nothing was sent yet: your browser's session had ended. Please press the button "
        "once more.",
        "fr": "Rien n'a encore été envoyé : la session de votre navigateur avait expiré. Veuillez "
        "appuyer à nouveau sur le bouton.",
        "de": "Es wurde noch nichts gesendet: Die Sitzung Ihres Browsers war abgelaufen. Bitte "
        "betätigen Sie die Schaltfläche noch einmal.",
        "it": "Non è ancora stato inviato nulla: la sessione del browser era scaduta. Prema di "
        "nuovo il pulsante.",
        "es": "Todavía no se ha enviado nada: la sesión de su navegador había caducado. Pulse el "
        "botón de nuevo.",
        "nl": "Er is nog niets verzonden: de sessie van uw browser was verlopen. Druk nog een keer "
        "op de knop.",
    },
    "error_start_again": {
        "en": "Nothing was sent yet: please fill in your statement once more.",
        "fr": "Rien n'a encore été envoyé : veuillez remplir à nouveau votre déclaration.",
        "de": "Es wurde noch nichts gesendet: Bitte füllen Sie Ihre Erklärung noch einmal aus.",
        "it": "Non è ancora stato inviato nulla: compili di nuovo la Sua dichiarazione.",
        "es": "Todavía no se ha enviado nada: rellene de nuevo su declaración.",
        "nl": "Er is nog niets verzonden: vul uw verklaring nog een keer in.",
    },
    "privacy": {
        "en": "Privacy notice",
        "fr": "Protection des données",
        "de": "Datenschutzhinweise",
        "it": "Informativa sulla privacy",
        "es": "Aviso de privacidad",
        "nl": "Privacyverklaring",
    },
    "error_old": {
        "en": "Nothing was sent yet, as this page was open for very long. Please check your "
        "statement and go on.",
        "fr": "Rien n'a encore été envoyé, car cette page est restée ouverte très longtemps. "
        "Veuillez vérifier votre déclaration et continuer.",
        "de": "Es wurde noch nichts gesendet, da diese Seite sehr lange geöffnet war. Bitte prüfen "
        "Sie Ihre Erklärung und fahren Sie fort.",
        "it": "Non è ancora stato inviato nulla, perché questa pagina è rimasta aperta molto a "
        "lungo. Controlli la Sua dichiarazione e prosegua.",
        "es": "Todavía no se ha enviado nada, porque esta página estuvo abierta mucho tiempo. "
        "Compruebe su declaración y continúe.",
        "nl": "Er is nog niets verzonden, omdat deze pagina heel lang open stond. Controleer uw "
        "verklaring en ga verder.",
    },
    # === STATEMENT === #
    # Words of the model form, Annex I(B), so that what is declared is beyond doubt.
    "statement": {
        "en": "I hereby give notice that I withdraw from my contract of sale of the following "
        "goods / for the provision of the following service:",
        "fr": "Je vous notifie par la présente ma rétractation du contrat portant sur la vente du "
        "bien / pour la prestation de services ci-dessous :",
        "de": "Hiermit widerrufe ich den von mir abgeschlossenen Vertrag über den Kauf der "
        "folgenden Waren / die Erbringung der folgenden Dienstleistung:",
        "it": "Con la presente notifico il recesso dal mio contratto di vendita dei seguenti beni "
        "/ di prestazione dei seguenti servizi:",
        "es": "Por la presente le comunico que desisto de mi contrato de venta del siguiente bien "
        "/ de prestación del siguiente servicio:",
        "nl": "Ik deel u hierbij mede dat ik mijn overeenkomst betreffende de verkoop van de "
        "volgende goederen / de levering van de volgende dienst herroep:",
    },
    "statement_name": {
        "en": "Name: %(name)s",
        "fr": "Nom : %(name)s",
        "de": "Name: %(name)s",
        "it": "Nome: %(name)s",
        "es": "Nombre: %(name)s",
        "nl": "Naam: %(name)s",
    },
    "statement_email": {
        "en": "Receipt to: %(email)s",
        "fr": "Accusé de réception à : %(email)s",
        "de": "Eingangsbestätigung an: %(email)s",
        "it": "Conferma di ricevimento a: %(email)s",
        "es": "Acuse de recibo a: %(email)s",
        "nl": "Ontvangstbevestiging naar: %(email)s",
    },
    # === CONFIRMATION PAGE === #
    "confirm_intro": {
        "en": "This is your statement. Pressing the button sends it.",
        "fr": "Voici votre déclaration. Elle est envoyée quand vous appuyez sur le bouton.",
        "de": "Das ist Ihre Erklärung. Mit der Schaltfläche wird sie gesendet.",
        "it": "Questa è la Sua dichiarazione. Premendo il pulsante viene inviata.",
        "es": "Esta es su declaración. Al pulsar el botón se envía.",
        "nl": "Dit is uw verklaring. Met de knop wordt deze verzonden.",
    },
    # === RECEIPT: PAGE, MAIL AND PDF === #
    "receipt_title": {
        "en": "Receipt of your withdrawal",
        "fr": "Accusé de réception de votre rétractation",
        "de": "Eingangsbestätigung Ihres Widerrufs",
        "it": "Conferma di ricevimento del recesso",
        "es": "Acuse de recibo de su desistimiento",
        "nl": "Ontvangstbevestiging van uw herroeping",
    },
    "received": {
        "en": "Your withdrawal has reached us.",
        "fr": "Votre rétractation nous est parvenue.",
        "de": "Ihr Widerruf ist bei uns eingegangen.",
        "it": "Il Suo recesso ci è pervenuto.",
        "es": "Hemos recibido su desistimiento.",
        "nl": "Uw herroeping heeft ons bereikt.",
    },
    "greeting": {
        "en": "Hello %(name)s,",
        "fr": "Bonjour %(name)s,",
        "de": "Guten Tag %(name)s,",
        "it": "Buongiorno %(name)s,",
        "es": "Hola, %(name)s:",
        "nl": "Beste %(name)s,",
    },
    "submitted_at": {
        "en": "Submitted on",
        "fr": "Envoyée le",
        "de": "Eingegangen am",
        "it": "Inviato il",
        "es": "Enviado el",
        "nl": "Verzonden op",
    },
    "receipt_number": {
        "en": "Receipt number",
        "fr": "N° d'accusé de réception",
        "de": "Nummer der Bestätigung",
        "it": "Numero della conferma",
        "es": "Número del acuse de recibo",
        "nl": "Nummer van de bevestiging",
    },
    "submitted_to": {
        "en": "Submitted to",
        "fr": "Adressée à",
        "de": "Gerichtet an",
        "it": "Inviato a",
        "es": "Dirigido a",
        "nl": "Gericht aan",
    },
    "your_statement": {
        "en": "Your statement",
        "fr": "Votre déclaration",
        "de": "Ihre Erklärung",
        "it": "La Sua dichiarazione",
        "es": "Su declaración",
        "nl": "Uw verklaring",
    },
    "mail_sent": {
        "en": "The receipt goes to %(email)s. Please keep it.",
        "fr": "L'accusé de réception est envoyé à %(email)s. Conservez-le.",
        "de": "Die Eingangsbestätigung geht an %(email)s. Bitte bewahren Sie sie auf.",
        "it": "La conferma viene inviata a %(email)s. La conservi.",
        "es": "El acuse de recibo se envía a %(email)s. Consérvelo.",
        "nl": "De ontvangstbevestiging gaat naar %(email)s. Bewaar deze goed.",
    },
    "mail_text": {
        "en": "We have received your withdrawal. This message says what you declared and when. "
        "Please keep it.",
        "fr": "Nous avons bien reçu votre rétractation. Ce message reprend ce que vous avez "
        "déclaré et quand. Conservez-le.",
        "de": "Wir haben Ihren Widerruf erhalten. Diese Nachricht gibt wieder, was Sie wann "
        "erklärt haben. Bitte bewahren Sie sie auf.",
        "it": "Abbiamo ricevuto il Suo recesso. Questo messaggio riporta che cosa ha dichiarato e "
        "quando. Lo conservi.",
        "es": "Hemos recibido su desistimiento. Este mensaje recoge lo que declaró y cuándo. "
        "Consérvelo.",
        "nl": "Wij hebben uw herroeping ontvangen. Dit bericht vermeldt wat u wanneer hebt "
        "verklaard. Bewaar het.",
    },
    "mail_pdf": {
        "en": "The same is attached as a PDF.",
        "fr": "Le même contenu est joint au format PDF.",
        "de": "Dasselbe ist als PDF beigefügt.",
        "it": "Lo stesso testo è allegato in PDF.",
        "es": "Se adjunta lo mismo en PDF.",
        "nl": "Hetzelfde is als pdf bijgevoegd.",
    },
    "what_next": {
        "en": "We will write to you about the next steps.",
        "fr": "Nous vous écrirons pour la suite.",
        "de": "Wie es weitergeht, teilen wir Ihnen mit.",
        "it": "Le scriveremo per i passi successivi.",
        "es": "Le escribiremos sobre los siguientes pasos.",
        "nl": "Wij laten u weten hoe het verder gaat.",
    },
    "download": {
        "en": "Download the receipt (PDF)",
        "fr": "Télécharger l'accusé de réception (PDF)",
        "de": "Eingangsbestätigung herunterladen (PDF)",
        "it": "Scarica la conferma di ricevimento (PDF)",
        "es": "Descargar el acuse de recibo (PDF)",
        "nl": "Ontvangstbevestiging downloaden (pdf)",
    },
    "receipt_altered": {
        "en": "The PDF of this receipt is no longer the one that was made, so it is not handed "
        "out. Your statement is recorded as it stands here.",
        "fr": "Le PDF de cet accusé de réception n'est plus celui qui a été établi : il n'est donc "
        "pas remis. Votre déclaration est enregistrée telle qu'elle figure ici.",
        "de": "Das PDF dieser Eingangsbestätigung ist nicht mehr das erstellte und wird deshalb "
        "nicht herausgegeben. Ihre Erklärung ist so erfasst, wie sie hier steht.",
        "it": "Il PDF di questa conferma non è più quello creato e quindi non viene fornito. La "
        "Sua dichiarazione è registrata come riportata qui.",
        "es": "El PDF de este acuse ya no es el que se creó, por lo que no se entrega. Su "
        "declaración está registrada tal como figura aquí.",
        "nl": "De pdf van deze ontvangstbevestiging is niet meer de gemaakte en wordt daarom niet "
        "verstrekt. Uw verklaring is vastgelegd zoals zij hier staat.",
    },
    "follow": {
        "en": "Follow the return %(rma)s",
        "fr": "Suivre le retour %(rma)s",
        "de": "Retoure %(rma)s verfolgen",
        "it": "Segui il reso %(rma)s",
        "es": "Seguir la devolución %(rma)s",
        "nl": "Retour %(rma)s volgen",
    },
    # === MODEL FORM: Annex I(B) of Directive 2011/83/EU, verbatim === #
    "form_note": {
        "en": "(complete and return this form only if you wish to withdraw from the contract)",
        "fr": "(Veuillez compléter et renvoyer le présent formulaire uniquement si vous souhaitez "
        "vous rétracter du contrat.)",
        "de": "(Wenn Sie den Vertrag widerrufen wollen, dann füllen Sie bitte dieses Formular aus "
        "und senden Sie es zurück.)",
        "it": "(compilare e restituire il presente modulo solo se si desidera recedere dal "
        "contratto)",
        "es": "(sólo debe cumplimentar y enviar el presente formulario si desea desistir del "
        "contrato)",
        "nl": "(dit formulier alleen invullen en terugzenden als u de overeenkomst wilt herroepen)",
    },
    "form_to": {
        "en": "To",
        "fr": "À l'attention de",
        "de": "An",
        "it": "Destinatario",
        "es": "A la atención de",
        "nl": "Aan",
    },
    "form_statement": {
        "en": "I/We (*) hereby give notice that I/We (*) withdraw from my/our (*) contract of sale "
        "of the following goods (*)/for the provision of the following service (*),",
        "fr": "Je/Nous (*) vous notifie/notifions (*) par la présente ma/notre (*) rétractation du "
        "contrat portant sur la vente du bien (*)/pour la prestation de services (*) ci-dessous",
        "de": "Hiermit widerrufe(n) ich/wir (*) den von mir/uns (*) abgeschlossenen Vertrag über "
        "den Kauf der folgenden Waren (*)/die Erbringung der folgenden Dienstleistung (*)",
        "it": "Con la presente io/noi (*) notifichiamo il recesso dal mio/nostro (*) contratto di "
        "vendita dei seguenti beni/servizi (*)",
        "es": "Por la presente le comunico/comunicamos (*) que desisto de mi/desistimos de nuestro "
        "(*) contrato de venta del siguiente bien/prestación del siguiente servicio (*)",
        "nl": "Ik/Wij (*) deel/delen (*) u hierbij mede dat ik/wij (*) onze overeenkomst "
        "betreffende de verkoop van de volgende goederen/levering van de volgende dienst (*) "
        "herroep/herroepen (*)",
    },
    "form_ordered": {
        "en": "Ordered on (*)/received on (*)",
        "fr": "Commandé le (*)/reçu le (*)",
        "de": "Bestellt am (*)/erhalten am (*)",
        "it": "Ordinato il (*)/ricevuto il (*)",
        "es": "Pedido el/recibido el (*)",
        "nl": "Besteld op (*)/Ontvangen op (*)",
    },
    "form_name": {
        "en": "Name of consumer(s)",
        "fr": "Nom du (des) consommateur(s)",
        "de": "Name des/der Verbraucher(s)",
        "it": "Nome del/dei consumatore(i)",
        "es": "Nombre del consumidor y usuario o de los consumidores y usuarios",
        "nl": "Naam/Namen consument(en)",
    },
    "form_address": {
        "en": "Address of consumer(s)",
        "fr": "Adresse du (des) consommateur(s)",
        "de": "Anschrift des/der Verbraucher(s)",
        "it": "Indirizzo del/dei consumatore(i)",
        "es": "Domicilio del consumidor y usuario o de los consumidores y usuarios",
        "nl": "Adres consument(en)",
    },
    "form_signature": {
        "en": "Signature of consumer(s) (only if this form is notified on paper)",
        "fr": "Signature du (des) consommateur(s) (uniquement en cas de notification du présent "
        "formulaire sur papier)",
        "de": "Unterschrift des/der Verbraucher(s) (nur bei Mitteilung auf Papier)",
        "it": "Firma del/dei consumatore(i) (solo se il presente modulo è notificato in versione "
        "cartacea)",
        "es": "Firma del consumidor y usuario o de los consumidores y usuarios (solo si el "
        "presente formulario se presenta en papel)",
        "nl": "Handtekening van consument(en) (alleen wanneer dit formulier op papier wordt "
        "ingediend)",
    },
    "form_date": {
        "en": "Date",
        "fr": "Date",
        "de": "Datum",
        "it": "Data",
        "es": "Fecha",
        "nl": "Datum",
    },
    "form_delete": {
        "en": "(*) Delete as appropriate.",
        "fr": "(*) Rayez la mention inutile.",
        "de": "(*) Unzutreffendes streichen.",
        "it": "(*) Cancellare la dicitura inutile.",
        "es": "(*) Táchese lo que no proceda.",
        "nl": "(*) Doorhalen wat niet van toepassing is.",
    },
    "print": {
        "en": "Print",
        "fr": "Imprimer",
        "de": "Drucken",
        "it": "Stampa",
        "es": "Imprimir",
        "nl": "Afdrukken",
    },
}


def get_texts(language):
    """Return {key: text} in one of `LANGUAGES`, with the legal labels as `withdraw` and
    `confirm`. Texts may hold placeholders like `%(order)s`."""
    texts = {key: translations[language] for key, translations in TEXTS.items()}
    texts["withdraw"] = WITHDRAW_LABELS[language]
    texts["confirm"] = CONFIRM_LABELS[language]
    return texts


def format_day(day, language):
    """Return a date written out in one of `LANGUAGES`, whether Odoo has that language or not:
    `17 March 2026`, `17. März 2026`."""
    return format_date(day, format="long", locale="en_GB" if language == "en" else language)
