"""Rules for replies that point elsewhere: another business, another person; and for questions."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from cadence.core.replies import Category
from cadence.mail.intent.rule import Rule

RULES = (
    Rule(
        "names another business", Category.REFERRAL, 0.82, "points to somebody else who may need us",
        {
            "en": """(you (should|might|could|may want to|ought to)|i('d| would) (suggest|recommend)|why don't you|maybe|perhaps|try|happy to|glad to|let me|i can|i could|i'll|i will|worth|feel free to|do) ~ (talk|speak|reach|contact|reaching|talking|speaking|contacting|try|trying|call|calling|connect|connecting|introduce|intro|refer|recommend|put you|pass|passing|mention|forward|suggest|write|drop) ~ (friend|cousin|brother|sister|husband|wife|neighbou?r|contact|contacts|former (colleague|boss|employer)|old (colleague|boss|employer|company)|ex-?colleague|partner|sister company|parent company|subsidiary|network|at \\S+|over at|company|client|customer|supplier|peer|peers|association|ceo|coo|cfo|cto|owner|who (is|are|might|may|needs?|could|has|have|runs)|in touch with|a look|someone|somebody|people|counterpart|affiliate|branch|group)
(friend|colleague|cousin|brother|sister|husband|wife|neighbou?r|contact|former colleague|ex-?colleague|buddy|peer|acquaintance|client|customer|partner|supplier)( of (mine|ours))? ~ (at|from|who|over at|in|runs|has|is|needs|looking|mentioned|with|whose) ~ (might|may|could|is looking|are looking|needs?|in the market|looking for|looking|struggling|searching|interested|exactly|the same|similar|something like|a (company|business|firm|shop|need))
(they|he|she|who)( \\S+){0,2} (may|might|could|are|is|would) ~ (need|looking|interested|in the market|use (you|your|someone|help)|benefit|a (better|good) fit|searching)
(sister|parent|partner|other) (company|companies|firm|organi[sz]ation|business)
have you (tried|talked to|spoken to|thought of|considered)|(recommend|suggest|mention|pitch) you to|(two|three|a few|some|several|other) (companies|firms|businesses|people) (\\S+ ){0,4}(need|who|that|in our|could|might|looking)
(refer|referred|referring|introduce|introducing|recommended|recommending|introduction|intro|referral) (you|to you|your|to|him|her|them|below|is)
(passed|forwarded|passing|forwarding|gave|given|mentioned|shared) (on )?(your|you) (\\S+ ){0,3}(details|name|info|information|e-?mail|card|contact|number|brochure|proposal)? ?(on )?(to|with) (a|an|my|our|the|some|another|[a-z]+ (at|from|who)) ~ (friend|contact|company|former|partner|at|who|business|client|customer|brother|sister|cousin|neighbou?r)
(know|knows) (someone|somebody|a company|a firm|a few (people|companies)|people|of a|another|two|a guy|just the|some (people|companies)) ~ (who|that|looking|might|may|could|need|in|at|person)""",
            "de": """(wenden|sprechen|melden|kontaktieren|versuchen|fragen|probieren|schreiben) sie ~ (bekannte\\w*|freund\\w*|ehemalige\\w* (kolleg\\w+|chef)|schwesterfirma|schwestergesellschaft|partner\\w*|firma|von der firma|bei der|bei|unternehmen|kunde\\w*|tochter\\w*|mutter\\w*|nachbar\\w*)
(bekannter|bekannte|freund|freundin|partner|partnerfirma|schwesterfirma|schwestergesellschaft|kunde von uns|lieferant|bruder|schwester|schwager|ehemaliger kollege|ex-kollege|ehemalige kollegin) ~ (sucht|suchen|braucht|benötigt|könnte|interesse|interessiert|hat|bei|von)
(könnte|könnten|dürfte|wäre) ~ (interesse|interessiert|bedarf|gebrauchen|passen|interessant) ~ (haben|sein|für)?
(empfehle|empfehlen|weiterempfehl\\w+|empfohlen|vermittl\\w+|kontakt herstellen|ihre (daten|kontaktdaten) ~ weitergegeben|weitergeleitet an ~ (firma|bekannt\\w+|freund\\w*|partner\\w*))
(suchen|sucht) (gerade|derzeit|aktuell|momentan|händeringend) ~ (so etwas|jemanden|lösung|anbieter|lieferant\\w*|genau)""",
            "fr": """(contactez|appelez|adressez-vous|voyez|parlez|essayez|rapprochez-vous|écrivez) ~ (ami\\w?|connaissance|ancien\\w? collègue|société|entreprise|partenaire|chez|filiale|maison mère|confrère|client|voisin)
(ami\\w?|connaissance|partenaire|confrère|ancien\\w? collègue|client|filiale|société sœur|voisin|cousin|frère|sœur|beau-frère) ~ (cherche|recherche|pourrait|besoin|intéressée?|chez|qui)
(pourraient?|serait|seraient) ~ (intéressée?s?|avoir besoin|preneurs?|utile)
(recommand\\w+|mettre en (relation|contact)|je vous (oriente|recommande|présente)|transmis vos coordonnées (à|au)|(cherche|recherche|cherchent|recherchent) (justement|actuellement|exactement|activement))""",
            "es": """(contacte|hable|llame|pruebe|escriba|diríjase|contacten|hablen|habla|contacta) ~ (amig\\w|conocid\\w|ex ?compañer\\w|antigu\\w|empresa|socio|en la empresa|filial|cliente|vecin\\w|cuñado)
(amig\\w|conocid\\w|ex ?compañer\\w|socio|cliente|filial|empresa (hermana|del grupo)|herman\\w|prim\\w|cuñad\\w|vecin\\w) ~ (busca\\w*|necesit\\w+|podría|interesad\\w|en la empresa|que|tiene)
(podría|podrían) ~ (interesar\\w*|necesitar\\w*|interesad\\w+|servir\\w*)
(recomiend\\w+|recomend\\w+|poner\\w* en contacto|les presento|he pasado (sus|su|vuestros) (datos|contacto)|(está|están) buscando)""",
            "nl": """(neem|probeer|bel|mail|benader|praat|spreek) ~ (vriend\\w*|kennis|oud-?collega|zusterbedrijf|partner|bedrijf|klant|bij|buurman|moederbedrijf|dochter\\w*)
(vriend\\w*|kennis|kennissen|oud-?collega|zusterbedrijf|partner|klant|relatie|broer|zus|zwager|buurman|neef) ~ (zoekt|zoeken|nodig|zou|interesse|kan|bij|heeft|die)
(zou|zouden|kunnen|kan) ~ (interesse|geïnteresseerd|behoefte|gebruiken|gebaat|interessant) ~ (hebben|zijn)?
(aanbevelen|aanbevolen|aanraden|doorverwijz\\w+|introduceren|in contact brengen|gegevens doorgegeven|(zoekt|zoeken) (juist|op dit moment|momenteel|precies))""",
            "it": """(contatti|provi|parli|senta|scriva|chiami|contattate|provate|sentite|contatta|senti) ~ (amic\\w|conoscente|ex ?collega|azienda|partner|presso|consociata|cliente|societ\\w|vicino|cugin\\w|cognat\\w)
(amic\\w|conoscente|ex ?collega|partner|cliente|consociata|azienda (sorella|del gruppo)|fratello|sorella|cugin\\w|cognat\\w|vicino) ~ (cerca\\w*|ha bisogno|potrebbe|interessat\\w|presso|che|sta cercando)
(potrebbe|potrebbero) ~ (interessat\\w|interessare|bisogno|servire|aver)
(raccomand\\w+|consigli\\w+|metter\\w* in contatto|vi presento|ho (girato|passato|dato) i (vostri|suoi) (dati|contatti|riferimenti)|(sta|stanno) cercando)""",
            "pt": """(contacte|contate|fale|procure|tente|ligue|escreva|contactem|falem) ~ (amig\\w|conhecid\\w|ex-?colega|antig\\w|empresa|parceir\\w|na empresa|filial|cliente|vizinh\\w|primo|cunhado)
(amig\\w|conhecid\\w|ex-?colega|parceir\\w|cliente|filial|empresa (irmã|do grupo)|irmã\\w?|irmão|prim\\w|cunhad\\w|vizinh\\w) ~ (procura|precis\\w+|poderia|interessad\\w|na empresa|que|está|tem|busca)
(poderia|poderiam|talvez|pode) ~ (interessar|precisar|interessad\\w+|ter interesse|servir)
(recomend\\w+|indic(o|ar|ação|amos|quei|a)|colocar\\w* em contat\\w+|apresento|passei (os )?(seus|vossos) (dados|contatos|contactos)|(está|estão) (à procura|procurando|buscando|a procurar))""",
        },
        unless={
            "en": """(not|isn't|never|wouldn't|don't|won't|can't|cannot) (\\S+ ){0,3}(refer|recommend|introduce|know (anyone|someone|anybody))
(i|he|she|they)('m| am| is|'s|'ve| have| has| are)? (no longer|not the right|not the (best|correct)|left|moved|not in charge|not responsible|retired|only)
(recommend|recommended|recommendation) (by|from|was|committee|to (the|our) (board|management))
(current|new|chosen|existing) (supplier|vendor|partner|provider)
(not|wrong) (the right|the|right) (person|contact)""",
            "de": "(nicht|nicht mehr) (\\S+ ){0,3}(zuständig|ansprechpartner\\w*|empfehlen)",
        },
    ),
    Rule(
        "wrong person", Category.WRONG_PERSON, 0.84, "is not the right contact, has moved on, or has left",
        {
            "en": """(not|isn't|wasn't|no longer|n't|never) (really |actually |quite |currently )?(the |your |be the )?(right|correct|best|appropriate|proper|wrong) (person|contact|one|guy|gal|address|department|team|individual|lady|man|woman|stakeholder|recipient|decision-?maker)
(wrong|incorrect) (person|address|contact|e-?mail|recipient|guy|department|company|number|one|[a-z]+,? (i'm|i am))
(no longer|not any ?more) (\\S+ )?(work|works|working|employed|with|at|handle|handles|handling|deal|deals|dealing|manage|manages|managing|responsible|in charge|involved|looking after|in (that|this|the) (role|position|job|department|team)|cover|covering|part of|own|oversee|look after|my (area|responsibility|department|remit|role|job))
(don't|do not|doesn't|does not|didn't|never|not|isn't|stopped) (\\S+ ){0,2}(work (here|there|for|in (that|this|purchasing|procurement|it))|works (here|there|for)|employed|handle|handling|responsible for|in charge|involved (in|with)|deal with|look after|in (purchasing|procurement)|my (area|responsibility|department|remit|role|job)) ?~ (this|that|it|here|there|these|purchasing|procurement|vendors?|such|any ?more|contracts?|suppliers?|[.!]|$)?
wrong [a-z]+,? (i think|i'm afraid|sorry|here|mate|i guess)
take (this|it|that) up with (my|our|the|[a-z]+)|i (now )?work (for|at) [a-z]+|(nothing|anything) to do with (that|this|it|purchas\\w+|procurement|vendors?|the decision)|wrong (company|firm|organi[sz]ation|business)|can't help you with|passed away|not my (circus|monkey|problem|thing) any ?more|you want [a-z]+ in (purchasing|procurement|it|finance|operations|marketing|hr|legal|facilities)|(runs|handles|manages|owns|oversees) (\\S+ ){0,4}(these days|now|nowadays|instead)
(i|he|she|they|[a-z]+)( (have|has|had|'ve|'s|just|recently|already))* (left|moved on|moved to|departed|retired|quit|resigned|changed (jobs|roles|companies|departments|positions)|switched (jobs|roles|departments|companies|teams)|transferred|been (let go|laid off|made redundant|replaced|promoted|reassigned|moved)|passed away|stepped down|is gone|taken (a new|another) (role|job|position)|started (a new|at)|joined)
(my|his|her) (successor|replacement)
(left|leaving|leave) (the|this|our|my) (company|firm|organi[sz]ation|business|team|role|position|department|job)
(new (role|job|position|company|employer|person|owner|head|buyer|contact)|taken over|took over|takes over|taking over|handed (over|this|it|everything)|now (handled|run|managed|led|owned|responsible|looked after) by|(falls|sits|lies) (under|with|within)|not my (department|area|job|call|decision|remit|responsibility|field|budget|area of)|above my pay ?grade|(is|are) (the one|the person|the people|your (best|man|guy|person|contact)|now (in charge|responsible|the|your)|who (handles|manages|decides)|responsible for|in charge of)|i'm (just|only) (the|a|an) (intern|assistant|receptionist|temp|trainee|secretary|engineer|student|contractor|developer)|(please|kindly|you (should|need to|can|must|may|might|could)|best to|better to|i'd|try) (contact|write to|reach out to|reach|talk to|speak (to|with)|e-?mail|direct|address|forward|redirect|ask|refer|get in touch with|contact instead|call|try|connect with|go through) (\\S+ ){0,2}?(my|our|the|his|her|mr|mrs|ms|[a-z]+) ?(new )?(colleague|successor|replacement|boss|manager|head|director|procurement|purchasing|buyer|department|team|it|cfo|cto|cio|ceo|assistant|supervisor|purchaser|marketing|hr|operations|finance|facilities|[a-z]+ (instead|from now on|going forward|who|in (procurement|purchasing|it|finance|operations|marketing|hr|our))))
(there's|there is|we have|you've|you have|think you|must have|have|got) (no one|nobody|no|got|the|reached|have|mistaken|confused)? ?~ (by that name|with that name|wrong (person|address|number|guy|[a-z]+)|mixed up|confused me|mistaken (me|identity)|someone else)
(this (mailbox|inbox|address|e-?mail( address)?) (is|will be|has been|was|isn't|belongs)) (no longer|not|being|a|shared|to|retired|closed|unmonitored) ?(in use|used|monitored|active|retired|closed|longer|someone else)?""",
            "de": """(nicht|nicht mehr|nie|falsche\\w?|leider nicht) (\\S+ ){0,3}(zuständig|ansprechpartner\\w*|verantwortlich|richtige\\w? (person|ansprechpartner\\w*|kontakt|stelle|adresse)|zuständigkeit|zuständigkeitsbereich|tätig|im unternehmen|bei (der|dem|uns|[a-z]+)|beschäftigt|mein (bereich|thema|gebiet)|in meiner hand)
(falsche\\w? (person|ansprechpartner\\w*|adresse|abteilung|kontakt|empfänger\\w*)|(bin|ist|sind|habe|hat) ~ (ausgeschieden|gewechselt|verlassen|ruhestand|pension|rente|gekündigt|versetzt|verstorben|umgezogen)|nachfolger\\w*|zuständig (ist|dafür|hierfür|wäre|sind) ~ (jetzt|nun|herr|frau|kolleg\\w+|abteilung|einkauf|[a-z]+)|(wenden|melden|richten|schreiben) sie (sich|ihre \\w+|das|ihr)? ?~ (an|bei) (meinen?|meine\\w?|unsere\\w?|herrn|frau|den|die|das|[a-z]+)|übernommen|übergeben an|hat (jetzt|nun|inzwischen)|verantwortet (jetzt|nun|inzwischen)|entscheide(t)? (ich|das) (nicht|jetzt|mein)|(arbeitet|arbeite) (nicht mehr|leider nicht mehr|hier nicht))""",
            "fr": """(pas|plus) (\\S+ ){0,3}(la bonne personne|le bon (interlocuteur|contact|service)|bonne (personne|interlocutrice|adresse)|en charge|responsable|chez|dans (la|cette|l')|au sein|concernée?|mon (domaine|périmètre|ressort|service)|interlocuteur|en poste|travaille|habilitée?)
(mauvais\\w? (personne|interlocuteur|destinataire|adresse|contact|service)|erreur (de (personne|destinataire)|sur la personne)|(ai|a|avons|ont) (quitté|changé|pris (ma|sa) retraite|rejoint|été (remplacé|muté))\\w*|(mon|ma|son|sa) (successeur|remplaçante?)|(à|en) la retraite|(adressez|adresser|rapprochez|contactez|contacter|voir|écrivez|écrire|tournez|orienter|rapprocher)(-vous|-le)? (\\S+ ){0,3}(mon|ma|notre|nos|au|à la|monsieur|madame|m\\.|mme|[a-z]+) ?(collègue|successeur|remplaçante?|service|responsable|directeur|directrice|achats|dsi|[a-z]+)|est désormais|a (repris|pris) (le|la|ce|ma|mon|en)|c'est (désormais|maintenant|plutôt|mon|ma|notre))""",
            "es": """(no|ya no) (\\S+ ){0,3}(la persona (adecuada|correcta|indicada)|soy (la|el|quien)|el contacto|trabajo|trabaja|llevo|lleva|estoy (en|a)|está (en|con)|responsable|encargad\\w|me (encargo|corresponde|ocupo)|mi (área|departamento|responsabilidad)|forma parte|formo parte)
(persona equivocada|se (equivoca|ha equivocado)|equivocad\\w (de)?|contacto equivocado|(he|ha) (dejado|cambiado|salido) (de )?(la empresa|la compañía|el puesto|mi puesto|de empresa|de trabajar|de puesto|de departamento)|(dejó|dejé) (la|el)|(mi|su) (sucesor\\w?|sustitut\\w|reemplazo|relevo)|se ha jubilado|me he jubilado|(diríja\\w*|contacte|escriba|hable|póngase|consulte|contacten) (\\S+ ){0,3}(mi|nuestr\\w|al|a la|con|su|departamento|compañer\\w|[a-z]+) ?(compañer\\w|colega|jefe|jefa|responsable|director\\w?|departamento|compras|[a-z]+)|ahora (lo )?(lleva|llevan|se encarga)|se encarga (ahora|de)|el responsable (es|ahora))""",
            "nl": """(niet|niet meer|nooit|niet langer) (\\S+ ){0,3}(de juiste (persoon|contactpersoon)|juiste (persoon|contactpersoon|adres|afdeling)|verantwoordelijk|werkzaam|in dienst|bij (de|het|ons|[a-z]+)|over (gaan|deze)|mijn (afdeling|verantwoordelijkheid|terrein)|degene)
((verkeerde|foute) (persoon|contactpersoon|adres|afdeling|geadresseerde)|(ben|is|heb|heeft|hebben) ~ (vertrokken|verlaten|gewisseld|overgestapt|met pensioen|uit dienst|andere (baan|functie|rol|werkgever))|(mijn|zijn|haar) (opvolg\\w+|vervang\\w+)|(neem|richt|wend|mail|bel|benader|stuur) (\\S+ ){0,4}(mijn|onze|de|met|aan|tot) ?(collega|opvolg\\w+|afdeling|inkoop|manager|chef|hoofd|[a-z]+)|werkt (hier )?niet (meer)?|gaat (hier|daar|nu) (nu )?over|heeft (dit|het) overgenomen|is nu verantwoordelijk)""",
            "it": """(non|non più|mai) (\\S+ ){0,3}(la persona (giusta|corretta|adatta)|la referente|il referente|referente|più (io|in|qui)|lavoro|lavora|mi occupo|si occupa|responsabile|di mia competenza|mia competenza|me ne occupo|parte)
((persona|indirizzo|contatto|ufficio|destinatario) sbagliat\\w|ha sbagliato (persona|indirizzo)|(ho|ha|abbiamo) (lasciato|cambiato)|(il mio|la mia|il suo|mio|suo) (successore|sostitut\\w)|in pensione|(contatti|si rivolga|rivolgersi|scriva|rivolgetevi|contattate|parli|senta) (\\S+ ){0,3}(il|la|al|alla|con|mio|mia|nostro|nostra|l') ?(collega|successore|responsabile|ufficio|direttore|capo|acquisti|[a-z]+)|ora (se ne|ne) occupa|se ne occupa|(è|sono) (stat\\w )?(trasferit\\w|passat\\w (a|ad)))""",
            "pt": """(não|já não|nunca) (\\S+ ){0,3}(a pessoa (certa|indicada|correta|adequada)|sou (a|o|eu|mais)|o contato|o contacto|trabalho|trabalha|responsável|cuido|trato|minha (área|responsabilidade|função)|faço (mais )?parte|faz (mais )?parte|estou (mais )?(na|no|com)|está (mais )?(na|no|conosco|connosco))
((pessoa|contato|contacto|endereço|departamento) errad\\w|engano|(deixei|deixou|saí|saiu) (a|da|de|o|do)|(mudei|mudou) de (empresa|área|função|departamento|emprego)|(meu|minha|seu|sua|o meu|a minha) (sucessor\\w?|substitut\\w)|aposent\\w+|reform(ado|ada|ou-se|ei-me)|(fale|contacte|contate|procure|escreva|dirija-se|entre em contat\\w+) (\\S+ ){0,3}(com|meu|minha|nosso|nossa|o|a|ao|à) ?(colega|sucessor\\w?|responsável|setor|departamento|chefe|diretor\\w?|compras|[a-z]+)|quem (cuida|trata|decide|responde) (disso|agora|é)|agora (é|quem)|assumiu)""",
        },
        unless={
            "en": """(i|we) (have|'ve|'d|had)? ?(moved on|left) (from|with|it|that|this|you|the (matter|topic|door))
we('ve| have|'re| are)? (already )?(moved on|moved to|switched to|moving on|moving to|left (you|your)|joined|started (with|at|using)|been (with|using))
(they|you|your|his|her|your (rep|salesperson|account|guy|team|sales|contact)\\w*) (\\S+ ){0,4}(left|moved|quit|changed|retired|started|joined|departed)
(left|leaving) (us|you|the (impression|meeting|door|table)|me (with|feeling|wondering))
(not|isn't|wasn't) the right (time|moment|fit|solution|product|tool|partner|vendor|supplier|choice)
no longer (with you|using|need|needed|needs|interested|in the market|work with you|a (priority|need)|required|relevant|looking|considering|open|valid)
(doesn't|didn't|don't|not) (work|handle|deal|do|cover|manage|working) (with (our|multiple|us|that|large)|for us|out|well|on|in our (environment|setup|region)|as|offline)
(contact|e-?mail|write to|write|reach|call) (me|us) (again|later|back|in|next|after|if|when|at|on|tomorrow|instead)
(stop|don't|do not|not) (\\S+ ){0,2}(contact|write|e-?mail|mail|call)\\w*""",
            "fr": "(avons|nous avons) (quitté|changé) (de|d'|votre|vos)|(ne|n') (\\S+ )?(contactez|écrivez) (plus|pas)",
            "es": "(no|dejen|dejad|deje) (\\S+ )?(contact\\w+|escrib\\w+) (más|con nosotros)",
            "de": "(wir|haben) (\\S+ ){0,3}(zu [a-z]+ gewechselt|den anbieter gewechselt)",
        },
    ),
    Rule(
        "asks something", Category.QUESTION, 0.71, "asks something that a person must answer",
        {
            "*": r"""(?=(\S+ ){2})[^?]{8,300}\?""",
        },
        unless={
            "*": """^(honestly|really|seriously|sorry|remember)[^?]{0,20}\\?$
(right|ok|okay|no|oder|nicht wahr|n'est-ce pas|verdad|toch|vero|certo|né|huh|eh)\\?
(how are you|how's it going|how are things|wie geht es|wie geht's|comment allez-vous|ça va|cómo está|qué tal|hoe gaat het|come sta|come va|tudo bem)""",
        },
    ),
)  # fmt: skip
