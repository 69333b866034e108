using System.Text.RegularExpressions;

namespace VoxPact.Server.Judging;

/// <summary>
/// One sign of an attempt on the judges. <paramref name="What"/> completes "The work …"; rules with
/// <paramref name="DecodedToo"/> also look at the decoded views; <paramref name="AllowedWhenAsked"/> ones are
/// no sign
/// when the job's own text shows the same.
/// </summary>
internal sealed record DetectorRule(
    string Name, string What, Regex Pattern, bool DecodedToo = true, bool AllowedWhenAsked = false)
{
    private const string Judges =
        @"(judges?|evaluators?|graders?|validators?|verifiers?|llms?|language models?"
        + @"|ai (model|reviewer|assistant|system)s?)";
    private const string Work =
        @"(this|the|my|our) (work|submission|deliverable|answer|response|output|task|job|solution)";

    public static readonly IReadOnlyList<DetectorRule> All =
    [
        new("override", "tells its reader to drop its instructions", Make(
            @"\b(ignore|disregard|forget|override|bypass|overrule|neglect|skip)\b.{0,40}"
            + @"\b(previous|prior|above|earlier|preceding|all|any|your|system|original|the)\b.{0,30}"
            + @"\b(instructions?|prompts?|guidelines|directives|rubric|system message|grading criteria)\b")),
        new("withdrawal", "declares its judges' rules void", Make(
            @"\b(rubric|criteria|(judging|grading|evaluation|validation) (rules|instructions)"
            + @"|(rules|instructions|guidelines) (above|before this|given earlier))\b"
            + @".{0,20}\b(was|were|is|are|has been|have been|was a|were a)\b.{0,12}"
            + @"\b(withdrawn|cancelled|suspended|void|replaced|superseded|revoked|lifted|test)\b")),
        new("override-multilingual", "tells its reader to drop its instructions", Make(
            @"ignorier\w*.{0,30}(anweisung|vorgabe)|vergiss.{0,30}anweisung"
            + @"|ignor(e|ez|er)\b.{0,30}(les|toutes).{0,30}(instructions|consignes)"
            + @"|ignor[ae]\b.{0,30}(las|todas).{0,30}instrucciones"
            + @"|ignor[ae]\b.{0,30}(as|todas).{0,30}instru..es"
            + @"|ignora\b.{0,30}(le|tutte).{0,30}istruzioni|negeer.{0,30}instructies"
            + @"|zignoruj.{0,30}(instrukcj|polece)|игнориру\w*.{0,30}(инструкци|указани)"
            + @"|忽略.{0,12}(指令|指示|说明|提示)"
            + @"|無視.{0,6}(指示|命令)|(指示|命令).{0,6}無視|지시.{0,8}무시|تجاهل.{0,30}(تعليمات|التعليمات)"
            + @"|talimatlar\w*.{0,20}(yok say|unut|görmezden)")),
        new("addressed", "speaks to the judges", Make(
            @"\b(dear|hello|hi|hey|attention|(note|message|memo|reminder|instructions?) (to|for))"
            + $@",? (all |any |the |my |you,? )*{Judges}\b"
            + @"|\b(as|you are) (an?|the) (impartial |fair |helpful |strict )?"
            + @"(judge|evaluator|grader|validator)\b"
            + $@"|\b{Judges}[,:] (please|you|pass|approve|accept|rate|return|output|mark|read|do|treat|ignore)\b"
            + $@"|\b{Judges} (now|must|shall|should|will|may|is to|are to|has to|have to) "
            + @"(now |always |only |simply )?(answers?|pass|approve|accept|return|respond|output|say)\b")),
        new("demand", "asks for its own approval", Make(
            $@"\b(pass|approve|accept|rate|score|grade|mark|judge|evaluate|consider|treat) {Work}\b"
            + @".{0,30}\b(as|with|to|at|is)\b.{0,20}\b"
            + @"(pass(ed|ing)?|approved|accepted|perfect|correct|complete|full|maximum|highest|excellent"
            + @"|100|10/10|1\.0|true)"
            + $@"|\b(must|should|please|kindly|always|just|need to|have to|required to) "
            + $@"(pass|approve) {Work}\b"
            + @"|\b(return|output|respond|reply|answer|say|print|write|emit|set)\b.{0,30}"
            + @"[""'`{ ]pass[""'` ]*[:=]+ ?[""']?(true|1|yes)"
            + @"|\bset (the |your )?confidence (to|at|=)"
            + @"|\b(give|assign|award|grant)\b.{0,30}\b"
            + @"(full marks|full score|a passing (grade|score|verdict)|(maximum|highest|full|high) confidence"
            + @"|a? ?pass(ing)? verdict)")),
        new("demand-multilingual", "asks for its own approval", Make(
            @"(bewerte|markiere|stufe)\w*.{0,40}(als )?(bestanden|korrekt|akzeptiert)"
            + @"|marque\w*.{0,40}(comme )?(réussi|accepté|approuvé|validé)"
            + @"|(marca|califica|aprueba)\w*.{0,30}(este trabajo|esta entrega|como aprobad)"
            + @"|(判定|评为|標記|标记).{0,10}(通过|合格|通過)|(合格|通過)(にして|と判定|として)"
            + @"|(оцени|засчита|прими)\w*.{0,30}(работу|как).{0,20}(принят|выполнен|пройден|засчитан)")),
        new("verdict-json", "contains a verdict in the judges' own form", Make(
            @"""pass""\s*:\s*""?(true|1|yes)""?.{0,300}""confidence""\s*:"
            + @"|""confidence""\s*:.{0,300}""pass""\s*:\s*""?(true|1|yes)"), AllowedWhenAsked: true),
        new("verdict", "announces its own verdict", Make(
            @"\b(verdict|judge?ment|(evaluation|validation) result)\b[""'* ]*[:=-]+[""'* ]*"
            + @"(pass|approved?|accept|true|success)"
            + @"|\b(pre-?approved|already (been )?(approved|validated|verified|judged|passed)) by "
            + @"(the |a |an |both )?(first |other )?"
            + @"(buyer|client|platform|operator|admin\w*|voxpact|judges?|human|system|owner)\b"),
            AllowedWhenAsked: true),
        new("authority", "claims the platform's authority over the judges", Make(
            @"\b(this|following) ((message|notice|directive|order|instruction|text) )?"
            + @"(is|comes|was (sent|written)) (a |an )?"
            + @"(message |notice |directive |order |instruction )?(from|by) (the )?"
            + @"(voxpact|platform|operator|administrators?|admin|openai|anthropic|developers?|system)\b"
            + @"|\b(as|i am|i'm) (an?|the) (authori[sz]ed |senior |lead |official |system )?(platform )?"
            + @"(administrator|operator|admin|developer) (of|at|for|with) (the |this )?"
            + @"(voxpact|platform|judg\w+|system|evaluation)"
            + @"|\b(developer|debug|maintenance|god|admin|test) mode\b.{0,60}\b"
            + @"(pass|approve|verdict|judge|confidence)")),
        new("role-turn", "imitates turns of the judges' conversation", Make(
            @"<\|?(im_start|im_end|im_sep|endoftext|eot_id|(start|end)_header_id|(start|end)_of_turn)\|?>"
            + @"|<\|(user|system|assistant)\|>|\[/?INST\]|<</?SYS>>"
            + @"|(^|\n)[\s*#>\[]*(system|developer)[ _-]?"
            + @"(prompt|message|override|instruction|notice|update|note)s?( \w+){0,2}[\s*]*[:\]]"
            + @"|(^|\n)[\s*#>\[]*(system|assistant)[\s*\]]*:.{0,200}\b"
            + @"(verdict|judge|approve|confidence|instructions?|evaluat\w+|pass the|passes)\b"
            + @"|</?(system|assistant|system_prompt|verdict|judge|untrusted|work|rubric|deliverable|submission)>")),
        new("delimiter", "tries to end the section that it stands in", Make(
            @"<<<\s*/?\s*(END |BEGIN )?(WORK|FILE_\d+|TITLE|DESCRIPTION|TASK_SPEC|RUBRIC)\b"
            + @"|[<>\[\]()=#*\-_~]{2,}\s*/?\s*(end|begin|stop|close|start)[ _-]+(of[ _-]+)?(the[ _-]+)?"
            + @"(untrusted[ _-]+)?(user[ _-]+)?"
            + @"(work|deliverable|submission|data|input|content|prompt|exhibit|instructions?)\b")),
        new("comment", "speaks to the judges in a comment that readers do not see", Make(
            @"(<!--|/\*|\{#|<(span|div|p)[^>]{0,80}(display\s*:\s*none|font-size\s*:\s*0)[^>]{0,80}>)"
            + $@".{{0,200}}\b({Judges}|verdict|approve|full marks|pass this)\b")),
        new("opener", "opens as a judge's own reasoning would", Make(
            @"^\W*((my )?thought process|judge'?s? (reasoning|analysis|thoughts?|verdict)"
            + @"|(evaluation|analysis|assessment) of the (work|submission|deliverable))\s*[:：]"),
                DecodedToo: false),
        new("empty-opener", "is only the opening of a solution, without one", Make(
            @"^\W*(solution|answer|the answer is|reasoning|final answer|step[- ]by[- ]step|thinking"
            + @"|let'?s (solve|think|work)[^\n]{0,60}(step by step|carefully|through)"
            + @"|let me (think|solve|evaluate)[^\n]{0,60}|解|解答|かいせつ|lösung|respuesta|solución)\W*$"),
            DecodedToo: false),
        new("marker", "names the judges' markers or prompt", Make(
            @"\b(repeat|reveal|print|output|disclose|show|tell)\b.{0,30}\b(the|your) (secret )?"
            + @"(marker|system prompt|hidden prompt|initial instructions)\b")),
    ];

    private static Regex Make(string pattern) => new(
        pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
