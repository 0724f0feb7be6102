using System.Globalization;
using CovidCt.Records;
using CovidCt.Reporting.Cards;

namespace CovidCt.Reporting.Tests.Cards;

public sealed class ChecklistTests
{
    [Fact]
    public void CLAIM_has_its_44_items_in_order() =>
        Assert.Equal(Enumerable.Range(1, 44).Select(number => number.ToString(CultureInfo.InvariantCulture)), Claim.Checklist.Items.Select(item => item.Number));

    [Fact]
    public void TRIPOD_AI_has_the_52_parts_of_its_27_items_in_order()
    {
        (int Item, int Parts)[] several = [(3, 3), (5, 2), (6, 3), (8, 3), (9, 3), (12, 7), (18, 6), (20, 3), (23, 2), (27, 3)];
        var parts = several.ToDictionary(entry => entry.Item, entry => entry.Parts);

        var expected = Enumerable.Range(1, 27).SelectMany(item => parts.TryGetValue(item, out var count)
            ? Enumerable.Range(0, count).Select(part => FormattableString.Invariant($"{item}{(char)('a' + part)}"))
            : [item.ToString(CultureInfo.InvariantCulture)]);

        Assert.Equal(expected, TripodAi.Checklist.Items.Select(item => item.Number));
        Assert.Equal(52, TripodAi.Checklist.Items.Count);
    }

    [Fact]
    public void STARD_AI_has_the_48_parts_of_its_40_items_in_order()
    {
        var parts = new Dictionary<int, int> { [15] = 4, [16] = 3, [17] = 2, [26] = 2, [40] = 2 };

        var expected = Enumerable.Range(1, 40).SelectMany(item => parts.TryGetValue(item, out var count)
            ? Enumerable.Range(0, count).Select(part => FormattableString.Invariant($"{item}{(char)('a' + part)}"))
            : [item.ToString(CultureInfo.InvariantCulture)]);

        Assert.Equal(expected, StardAi.Checklist.Items.Select(item => item.Number));
        Assert.Equal(48, StardAi.Checklist.Items.Count);
    }

    [Fact]
    public void Every_item_has_a_number_a_topic_and_a_wording_of_its_own() => Assert.All(Checklist.All, checklist =>
    {
        Assert.All(checklist.Items, item => Assert.All((string[])[item.Number, item.Topic, item.Wording], text => Assert.False(string.IsNullOrWhiteSpace(text))));
        Assert.Equal(checklist.Items.Count, checklist.Items.Select(item => item.Number).Distinct().Count());
        Assert.Equal(checklist.Items.Count, checklist.Items.Select(item => item.Wording).Distinct().Count());
    });

    [Fact]
    public void States_of_a_finished_study_add_up_and_each_answer_has_its_source()
    {
        using var sample = SampleStudy.Finished();
        Assert.All(Filled(sample), filled =>
        {
            Assert.Equal(filled.Checklist.Items.Count, Enum.GetValues<ItemState>().Sum(filled.Count));
            Assert.All(Enum.GetValues<ItemState>(), state => Assert.NotEqual(0, filled.Count(state)));
            Assert.All(filled.Items.Select(item => item.Answer).OfType<Answer>(), answer =>
            {
                Assert.False(string.IsNullOrWhiteSpace(answer.Text) || string.IsNullOrWhiteSpace(answer.Source));
                Assert.Equal(answer.Text.Trim(), answer.Text);
                Assert.DoesNotContain("  ", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("..", answer.Text, StringComparison.Ordinal);
            });
        });
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_more_lies_in_the_folder_the_fewer_items_are_open()
    {
        using var begun = new SampleStudy();
        using var finished = SampleStudy.Finished();
        using var phantom = SampleStudy.Finished(dataset: "phantom");
        phantom.Write("phantom/manifest.csv", "path,label\n");

        Assert.All(Filled(begun).Zip(Filled(finished), Filled(phantom)), filled =>
        {
            Assert.True(filled.First.Count(ItemState.Open) > filled.Second.Count(ItemState.Open));
            Assert.True(filled.Second.Count(ItemState.Open) > filled.Third.Count(ItemState.Open));
        });
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_only_people_know_is_open_in_every_study()
    {
        using var sample = SampleStudy.Finished(dataset: "phantom");
        sample.Write("phantom/manifest.csv", "path,label\n");
        var checklists = Filled(sample);
        Assert.All(
            ((string Name, string Number)[])[("CLAIM", "44"), ("STARD-AI", "36"), ("STARD-AI", "39"), ("TRIPOD+AI", "18a"), ("TRIPOD+AI", "18b")],
            only => Assert.Equal(
                ItemState.Open,
                checklists.Single(filled => filled.Checklist.Name == only.Name).Items.Single(item => item.Item.Number == only.Number).State));
    }

    [Theory]
    [InlineData("phantom", true, "Neither: ")]
    [InlineData("COVID19-CT", false, "Retrospective: of COVID19-CT, COVID images were cut from the figures of publications")]
    [InlineData("COVID19-CT, tested on SARS-CoV-2 CT-scan", false, "Retrospective: of COVID19-CT, COVID images")]
    [InlineData("our hospital", false, "Whether images were collected for this study or before it is not in the folder")]
    [InlineData("COVID19-CT, tested on our hospital", false, "Whether images were collected for this study or before it is not in the folder")]
    public void Only_data_that_are_known_to_be_older_are_called_retrospective(string dataset, bool isPhantom, string answer)
    {
        using var sample = SampleStudy.Finished(dataset, groupBy: "official");
        if (isPhantom)
        {
            sample.Write("phantom/manifest.csv", "path,label\n");
        }

        var checklists = Filled(sample);
        Assert.All(((string Name, string Number)[])[("CLAIM", "5"), ("STARD-AI", "5")], item => Assert.StartsWith(
            answer,
            checklists.Single(filled => filled.Checklist.Name == item.Name).Items.Single(of => of.Item.Number == item.Number).Answer!.Text,
            StringComparison.Ordinal));
    }

    private static List<FilledChecklist> Filled(SampleStudy sample)
    {
        var facts = StudyFacts.Of(StudyReport.Read(sample.Folder));
        return [.. Checklist.All.Select(checklist => checklist.Fill(facts))];
    }
}
