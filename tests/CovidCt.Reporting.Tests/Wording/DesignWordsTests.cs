using CovidCt.Data;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class DesignWordsTests
{
    [Theory]
    [InlineData("image", 5, "5 folds by image")]
    [InlineData("patient", 1, "1 fold by patient")]
    [InlineData("sources", 5, "5 folds by source")]
    [InlineData("source", 4, "each of 4 sources left out in turn")]
    [InlineData("collections", 2, "2 folds across collections")]
    [InlineData("column:scanner", 3, "3 folds by scanner")]
    [InlineData("official", 1, "the data set’s own split")]
    [InlineData("official", 1, "training on one data set and testing on another", "A, tested on B")]
    public void A_design_is_named_in_brief(string groupBy, int folds, string words, string dataset = "A") =>
        Assert.Equal(words, DesignWords.Brief(GroupBy.Parse(groupBy), folds, dataset));

    [Fact]
    public void Another_data_set_is_no_official_split_in_a_cell() => Assert.Equal(
        ("official", "another data set", "source"),
        (DesignWords.Unit(GroupBy.Official, "A"), DesignWords.Unit(GroupBy.Official, "A, tested on B"), DesignWords.Unit(GroupBy.Source, "A")));

    [Theory]
    [InlineData("patient", "5-fold cross-validation by patient, stratified by class, seed 7: each image is tested once")]
    [InlineData("column:scanner", "5-fold cross-validation by scanner, stratified by class, seed 7: each image is tested once")]
    [InlineData("collections", "training on some collections and testing on the others, and the reverse, with the sources of a class that is of one collection shared among both, seed 7: each image is tested once")]
    [InlineData("sources", "5-fold cross-validation by source, stratified by class, seed 7: each image is tested once")]
    [InlineData("source", "each of 5 sources left out in turn, all pooled before figures are computed")]
    [InlineData("official", "the data set’s own split into training and test part")]
    public void A_publication_has_it_as_a_phrase(string groupBy, string words) => Assert.Equal(words, DesignWords.Phrase(groupBy, 5, 7));

    [Fact]
    public void Two_data_sets_are_both_named() =>
        Assert.Equal("training on one data set and testing on another (A, tested on B)", DesignWords.External("A, tested on B"));

    [Theory]
    [InlineData("patient", ", by five-fold cross-validation: the images are split into five parts, keeping each patient's images together; each part in turn is kept for testing while the network learns from the others.")]
    [InlineData("image", ", by five-fold cross-validation: the images are split into five parts, image by image, as in the paper; each part in turn is kept for testing while the network learns from the others.")]
    [InlineData("column:scanner", ", by five-fold cross-validation: the images are split into five parts, keeping together all images of one scanner, and of a patient; each part in turn is kept for testing while the network learns from the others.")]
    [InlineData("sources", ", by five-fold cross-validation: the images are split into five parts, keeping together all images of a source, such as a publication, and of a patient; each part in turn is kept for testing while the network learns from the others.")]
    [InlineData("source", ": each of five sources in turn is kept for testing while the network learns from the others.")]
    [InlineData("official", " and tested once, on the test part of the data set’s own split.")]
    [InlineData("another data set", ", and tested once, on another data set than they were trained on.")]
    public void Everyone_can_read_it(string groupBy, string words) => Assert.Equal(words, DesignWords.Plain(groupBy, 5));

    [Theory]
    [InlineData("official", "COVID19-CT", "official")]
    [InlineData("official", "COVID19-CT, tested on SARS-CoV-2 CT-scan", "another data set")]
    [InlineData("image", "COVID19-CT", "image")]
    public void One_test_part_is_the_data_sets_own_or_another_data_set(string groupBy, string dataset, string design) =>
        Assert.Equal(design, DesignWords.Of(groupBy, dataset));

    [Theory]
    [InlineData("patient", "Figures are means over the folds, ± their standard deviation.", ", summed over the folds")]
    [InlineData("source", "Figures are of the test images of all sources together.", ", summed over the sources")]
    [InlineData("official", null, "")]
    [InlineData("another data set", null, "")]
    public void Figures_say_what_they_are_over_where_there_is_more_than_one_part(string groupBy, string? over, string summed) =>
        Assert.Equal((over, summed), (DesignWords.Over(groupBy), DesignWords.Summed(groupBy)));

    [Fact]
    public void Everyone_can_read_how_collections_are_used() => Assert.Equal(
        ", by two-fold cross-validation: the images are split into two parts, keeping each collection together, with the sources of a class that is of one collection shared among both; each part in turn is kept for testing while the network learns from the others.",
        DesignWords.Plain("collections", 2));

    [Theory]
    [InlineData("patient", "3 to 5", "3 to 5 folds by patient, seed 7; per cent, mean ± sample standard deviation over the folds")]
    [InlineData("sources", "5", "5 folds by source, seed 7; per cent, mean ± sample standard deviation over the folds")]
    [InlineData("source", "5", "Each of 5 sources left out in turn, all pooled before figures are computed, seed 7; per cent")]
    [InlineData("official", "1", "The data set’s own split, seed 7; per cent")]
    [InlineData("another data set", "1", "Training on one data set and testing on another, seed 7; per cent")]
    public void A_table_of_figures_says_what_they_are_over(string groupBy, string folds, string words) =>
        Assert.Equal(words, DesignWords.Caption(groupBy, folds, 7));

    [Fact]
    public void The_folds_themselves_have_a_caption() =>
        Assert.Equal(("Folds by image, seed 7", "The data set’s own split"), (DesignWords.Parts("image", 7), DesignWords.Parts("official", 7)));

    [Theory]
    [InlineData("image", true, "image")]
    [InlineData("source", false, "each source")]
    [InlineData("sources", true, "source")]
    [InlineData("collections", true, "source, and by collection, with the sources of a class that is of one collection shared among both")]
    [InlineData("column:scanner", true, "scanner")]
    [InlineData("official", false, "the data set’s own split")]
    [InlineData("another data set", false, "data set")]
    public void Only_folds_that_have_both_classes_have_a_spread(string groupBy, bool hasSpread, string disjointBy) =>
        Assert.Equal((hasSpread, disjointBy), (DesignWords.HasSpread(groupBy), DesignWords.DisjointBy(groupBy)));
}
