"""The words that tie a date phrase to its sentence, in seven languages: until, after, early, the next; only vocabulary."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

# A kind of tie a line; spellings apart by "|", of one to five words each.
TIES = {
    "en": """lasting: for|for at least|for about|at least
starting: starting|starting on|from|beginning|commencing|as of|starting from
by: by|no later than
wait: give me|give us|give it|give this|wait|need|needs|another|for another|for the next|allow|leave it|leave it for|leave this|leave us|leave me|park it|park it for|park this for|let it rest|let it rest for|hold off|hold off for|hold fire for|snooze me for|snooze this for|on hold for|on ice for|back in|quiet for|come back in
next: next|the following|the coming|coming|upcoming|the new|new|the next
over: is over|is out|is done|is behind us|is through|is past|is finished|is closed|is wrapped up|has passed|has closed|has been and gone|closes|ends|comes to an end|runs out|has ended|wraps up|wraps|wrapped
rest: rest of|the rest of|the remainder of|remainder of|what is left of|the balance of
afternext: after next
this: this|the current|current
in: in|within
on: on|from|starting|as of|effective|around|about|beginning
after: after|past|once we are past|not until after|until after|till after|post|post -|once past|following
until: until|till|til|until at least|to at least|not before|nothing before|nothing much before|nobody before|before resuming
through: through|thru|until and including|up to and including|up to and incl|inclusive of|through to
inclusive: inclusive|included|incl
before: before|prior to
from: from|between
to: to|and|-|–|—|until|till|through|thru
early: early|beginning of|start of|the beginning of|the start of|early in|at the start of|first week of|first thing in|first days of|first half of the month of|the first days of|top of|the top of|the beginning|the start
mid: mid|middle of|the middle of|mid-|halfway through
late: late|late in|later in|latter part of|towards the end of|toward the end of|back end of|the back end of|tail end of|the tail end of|the latter part of|the back half of
end: end of|the end of|end|eo|at the end of|last day of
weekof: week of|the week of|week commencing|week beginning|w/c|week starting
tomorrow: tomorrow
overmorrow: day after tomorrow
today: today
yearend: year end|year s end|the year s end
newyear: new year|the new year|start of the new year|turn of the year
fortnight: fortnight|fortnights|fortnight s
sametime: same time|this time|around this time|at this time|the same time|same period
ago: ago|last|since|back in|previous|earlier this|over the past|in the past|during the last|for the last|for the past
hence: from now|hence|from today|today|time|later|down the road|down the line|from then|to go|to run|left|remaining
halfyear: half a year|six-month|half year
of: of|the|,|in|on|for|sometime|around|about|,the""",
    "de": """lasting: für|für mindestens|mindestens|die|in den
starting: ab|ab dem|beginnend am
by: bis spätestens|spätestens|spätestens am
wait: gib mir|warten sie|wartet|lassen sie uns|lasst uns|lassen sie mir|frühestens in|geben sie mir|geben sie uns|gebt mir|gebt uns|brauche|brauchen|noch|weitere|geben sie|gib uns|lasst mir|warten sie noch
next: nächste|nächsten|nächster|nächstes|nächstem|neuen|neues|neue|neuem|naechste|naechsten|naechstes|kommende|kommenden|kommender|kommendes|kommendem|folgenden|folgende
afternext: übernächste|übernächsten|übernächster|übernächstes|uebernaechste
over: vorbei ist|vorbei|rum ist|um ist|durch ist|vorüber ist|abgeschlossen ist|zu ende ist|zu ende|gelaufen ist|endet
rest: rest des|restliche|restlichen|restliches
this: diese|diesen|dieser|dieses|diesem|laufenden|laufende|laufendes
in: in|innerhalb von|binnen|in gut|in rund
on: am|ab|ab dem|ab der|im|zum|vom|gegen|zur|ab anfang
after: nach|nach dem|nach der|erst nach|später als|im anschluss an|nach den|frühestens nach
until: bis|bis zum|bis zur|bis mindestens|nicht vor|nicht vor dem|nichts vor|nichts vor dem|bis in den|frühestens
through: bis einschließlich|bis einschl|bis inklusive|bis inkl|bis und mit|bis einschliesslich|bis zum einschließlich
inclusive: einschließlich|inklusive|einschl|inkl|einschliesslich
before: vor|vor dem
from: von|vom|zwischen
to: bis|bis zum|und|-|–|—
early: anfang|beginn|zu beginn|anfangs|zum beginn|start|zum beginn des|anfang des|anfang der
mid: mitte|mitten im
late: spät im|spätes
end: ende|zum ende|gegen ende
weekof: in der woche vom|woche vom|woche ab|woche des|die woche vom|kalenderwoche vom
tomorrow: morgen
overmorrow: übermorgen
today: heute
sametime: selbe zeit|gleiche zeit|um diese zeit|zur selben zeit|zur gleichen zeit
yearend: jahresende|jahresschluss
newyear: neuen jahr|neues jahr|neue jahr|neuen jahres|jahreswechsel|jahresanfang|jahresbeginn
ago: vor|letzten|letzte|letzter|letztes|seit|vergangenen|vergangene|letztem
hence: ab heute|von heute an|später|von jetzt an|ab jetzt
halfyear: halben jahr|halbes jahr|halben jahres
of: des|der|dem|den|,|im|in|von|am""",
    "fr": """lasting: pendant|pour|pendant au moins|les|au moins
starting: à partir du|à compter du|à partir de
by: d'ici|d'ici le|d'ici au|d'ici à
wait: laissez-moi|laissez passer|laisser passer|laissez|patientez|laissez-nous|donnez-moi|donnez-nous|laisse-moi|encore|attendez|donne-moi|il me faut|il nous faut
over: passé|passée|terminé|terminée|fini|finie|bouclé|bouclée|clos|derrière nous|est passé|est terminé|est fini
rest: le reste de|reste de|le restant de
next: nouveau|nouvelle|nouvel|prochain|prochaine|prochains|suivant|suivante|qui vient|à venir
this: ce|cette|cet|en cours|courant
in: dans|d'ici|sous
on: le|à partir du|à partir de|à partir d'|dès|dès le|à compter du|en|au|au mois de|courant|vers
after: après|après le|passé|après la|après la fin|passé le|après les|passée la
until: jusqu'à|jusqu'au|jusqu'en|jusqu|jusque|pas avant|pas avant le|rien avant|rien avant le|jusqu'à la|avant
through: jusqu'au inclus
inclusive: inclus|inclusivement|compris|y compris|incluse
before: avant|avant le
from: du|de|entre le|entre
to: au|à|et|et le|-|–|—
early: début|au début|au début de|debut|en début de|en début d'|début de|au début du|début d'|tout début|premiers jours de
mid: mi|mi-|mi de|milieu|au milieu de
late: fin fin
end: fin|à la fin|à la fin de|à la fin du|en fin de|en fin d'|fin de|d'ici fin|fin d'|d'ici la fin de|d'ici la fin du
weekof: la semaine du|semaine du
tomorrow: demain
overmorrow: après-demain
today: aujourd'hui
fortnight: quinzaine
sametime: même époque|à la même époque|à cette époque|même période
newyear: nouvelle année|nouvel an|la nouvelle année
ago: il y a|dernier|dernière|depuis|passé|passée|derniers
hence: plus tard|à compter d'aujourd'hui|à partir d'aujourd'hui
halfyear: semestre prochain
of: de|du|de la|des|d'|le|la|l'|,|en""",
    "es": """lasting: durante|por|durante al menos|al menos|los|en los
starting: a partir del|desde el|a contar del
by: para el|a más tardar el
wait: deme|dejen pasar|deje pasar|esperen|dame|denos|dadnos|dadme|déme|espere|otros|otras|denme|danos|necesito|necesitamos
over: acabe|termine|pase|cierre|haya pasado|haya terminado|haya acabado|acaba|termina
rest: resto de|resto del|lo que queda de
next: próximo|próxima|próximos|proximo|proxima|que viene|siguiente|entrante|nuevo|nueva
this: este|esta|presente|en curso
in: en|dentro de|de aquí a
on: el|a partir del|a partir de|desde|desde el|en|para|hacia|el día|a contar del
after: después de|después del|tras|pasado|pasada|tras el|pasado el|despues de|despues del|pasados|pasadas|pasada la|pasadas las|pasados los|tras la|tras las|después de las|después de los
until: hasta|hasta el|no antes de|no antes del|nada antes de|nada antes del|hasta la|hasta que pase
through: hasta el día inclusive
inclusive: inclusive|incluido|ambos inclusive
before: antes de|antes del
from: del|de|desde el|entre el|entre
to: al|a|hasta el|y el|y|-|–|—
early: principios de|a principios de|comienzos de|a comienzos de|inicio de|inicios de|a inicios de|principios del|comienzos del|a principio de|primeros de|a primeros de|principio de|principios|primeros|a inicio de|al inicio de|a comienzo de|inicio del|al principio de|al principio del
mid: mediados de|a mediados de|mediados del|mitad de|medio
late: a últimos de|últimos de
end: finales de|a finales de|fin de|fines de|a fines de|final de|finales del|a fin de|a final de|finales|final del|fin del
weekof: la semana del|semana del
tomorrow: mañana
overmorrow: pasado mañana
today: hoy
fortnight: quincena
sametime: por estas fechas|estas fechas|misma época|a estas alturas
newyear: año nuevo|nuevo año
ago: hace|pasado|pasada|desde hace|último|última
hence: más adelante|después|a partir de hoy
halfyear: medio año
of: de|del|de la|el|la|los|,|en|mes de|de el|día|dia""",
    "nl": """lasting: voor|voor minstens|minstens|de
starting: vanaf|met ingang van|ingaande
by: uiterlijk|uiterlijk op
wait: geef me|laat het|wacht nog|geef ons|geef mij|nog|wacht|geef ons nog|ik heb nog|gun ons|gun me
over: voorbij is|voorbij|om is|achter de rug is|achter de rug|afgelopen is|is afgelopen
rest: de rest van|rest van
next: nieuwe|nieuw|volgende|volgend|komende|komend|aankomende|eerstvolgende|aanstaande
this: deze|dit|huidige|lopende
in: over|binnen|in
on: op|vanaf|per|in|rond|met ingang van
after: na|pas na|na de|later dan|na het|pas na het|eerst na
until: tot|tot en tot|niet voor|niet vóór|niets voor|niets vóór|tot minstens|tot de|tot aan
through: t/m|tot en met|t.e.m.|tem
inclusive: inbegrepen|inclusief
before: voor|vóór
from: van|tussen
to: tot|en|-|–|—|t/m|tot en met
early: begin|begin van|het begin van|aan het begin van|start van|vroeg in|begin van het|begin van de|de start van
mid: half|medio|midden|midden in|halverwege
late: laat in
end: eind|einde|eind van|het einde van|aan het eind van|einde van|het eind van
weekof: de week van|week van|in de week van|week vanaf
tomorrow: morgen
overmorrow: overmorgen
today: vandaag
sametime: zelfde tijd|deze tijd|rond deze tijd|dezelfde tijd
yearend: jaareinde
newyear: nieuwe jaar|nieuwjaar|jaarwisseling
ago: geleden|afgelopen|vorige|vorig|sinds
hence: later|vanaf nu|vanaf vandaag
halfyear: half jaar|halfjaar
of: van|van de|de|het|,|in|op""",
    "it": """lasting: per|per almeno|almeno|nei|per i
starting: a partire dal|dal
by: entro|entro il
wait: mi dia|lasci passare|lasciate passare|dammi|dateci|datemi|ci dia|ancora|altri|altre|aspetti|diamoci|lasciateci|mi servono|ci servono
over: sia finito|è finito|finito|finita|è passato|sia passato|finisce|si chiude|è chiuso
rest: il resto di|resto di|resto del|resto dell'
next: nuovo|nuova|prossimo|prossima|prossimi|successivo|successiva|che viene|venturo|entrante
this: questo|questa|corrente|in corso
in: tra|fra|entro|in
on: il|dal|da|a partire dal|a partire da|ad|a|nel|in|verso|l'|per|dall'
after: dopo|dopo il|passato|passata|dopo la|oltre il|dopo l'|passato il|passata la|dopo gli|dopo le|dopo i
until: fino a|fino al|fino ad|sino a|sino al|fino|non prima di|non prima del|niente prima di|niente prima del|nulla prima di|fino all'
through: fino al compreso
inclusive: compreso|incluso|inclusa|compresa
before: prima di|prima del
from: dal|da|tra il|dall'
to: al|a|e il|e|all'|-|–|—
early: inizio|inizi di|all'inizio di|agli inizi di|inizio di|all'inizio del|all'inizio|primi di|ai primi di|inizi|inizio del|a inizio|ad inizio|primi|all'inizio dell'|inizio dell'
mid: metà|a metà|metà di|verso metà
late: tardo
end: fine|fine di|a fine|alla fine di|alla fine del|fine del|per fine|fine dell'|alla fine dell'
weekof: la settimana del|settimana del|nella settimana del
tomorrow: domani
overmorrow: dopodomani
today: oggi
sametime: stesso periodo|in questo periodo|a quest' ora
newyear: nuovo anno|anno nuovo
ago: fa|scorso|scorsa|da|ultimo|ultima
hence: più avanti|da oggi
halfyear: mezzo anno
of: di|del|della|dell'|il|la|,|nel|in|mese di|de""",
    "pt": """lasting: por|durante|pelo menos|nos|durante os
starting: a partir de|a partir do|desde
by: o mais tardar em|o mais tardar
wait: me dê|deixe passar|esperem|dê-me|deem-nos|me dá|mais|espere|aguarde|dê-nos|dê - nos|deem - nos|dá - nos|deem-me|dá-me|dá-nos|dêem-nos|preciso de|precisamos de|nos dê|nos dá|nos deem
over: acabar|terminar|passar|fechar|tiver acabado|acabe|termine|passe
rest: resto de|resto do|o que falta de
next: próximo|próxima|próximos|proximo|proxima|que vem|seguinte|novo|nova
this: este|esta|deste|desta|neste|nesta|corrente|em curso
in: em|dentro de|daqui a|dentro|daqui
on: em|a partir de|a partir do|desde|no|na|no dia|ao|dia|para|por volta de|a
after: após|depois de|depois do|apos|após o|passado o|depois da|passado|passada a|passada|depois dos|depois das|passadas as
until: até|até ao|até o|até a|até à|não antes de|nada antes de|ate|só em|só a partir de|até dia|até ao dia
through: até dia inclusive
inclusive: inclusive|inclusivé|incluído
before: antes de|antes do
from: de|do|entre|desde|do dia|entre os dias
to: a|ao|até|e|e o|-|–|—|até ao|ao dia
early: início de|inicio de|no início de|no inicio de|começo de|no começo de|princípio de|início do|no início do|começo do|princípios de|começo|início|princípio|primeiros dias de
mid: meados de|em meados de|meio de|meados do|meio do|a meio do
late: tarde de
end: fim de|final de|no fim de|no final de|finais de|fins de|fim do|final do|no final do|no fim do|fim|final
weekof: a semana de|semana de|semana do dia|a semana do dia
tomorrow: amanhã
overmorrow: depois de amanhã
today: hoje
sametime: por esta altura|mesma altura|nesta altura|nesta época|mesma época
newyear: ano novo|novo ano
ago: há|passado|passada|último|última
hence: mais tarde|mais para a frente|a partir de hoje|a contar de hoje
halfyear: meio ano
of: de|do|da|dos|,|em|mês de|no|o|a|dia""",
}
