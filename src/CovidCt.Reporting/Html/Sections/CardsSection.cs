using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Wording;
using static CovidCt.Reporting.Html.Markup;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>What people have still to say before the study can be published.</summary>
internal static class CardsSection
{
    public static XElement Of(StudyReport study)
    {
        var facts = StudyFacts.Of(study);
        return Element(
            "section", Attribute("id", "cards"),
            Element("h2", "What people have to add"),
            Element(
                "p",
                "A model card (",
                Element("code", StudyLayout.ModelCardName),
                ") and four checklists (",
                Element("code", StudyLayout.ChecklistsName),
                facts.Given is null ? ") are filled in from this study’s folder. The card leaves "
                    : $") are filled in as far as {facts.Given.FilledFrom} can say something. The card leaves ",
                Element("strong", Numbers.Counted(ModelCard.Of(facts).Open, "sentence")),
                " open that only people can write."),
            HtmlTable.Of(
                "table-checklists", "Items of the checklists",
                [new("Checklist"), new("Answered by the run", true), new("Partly", true), new("Open", true)],
                Checklist.All.Select(checklist => checklist.Fill(facts)).Select(filled => Element(
                    "tr",
                    HtmlTable.RowHeading(filled.Checklist.Name),
                    Enum.GetValues<ItemState>().Select(state => HtmlTable.Number(Numbers.Whole(filled.Count(state))))))));
    }
}
