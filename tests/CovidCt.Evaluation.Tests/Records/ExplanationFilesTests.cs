using CovidCt.Maps;
using CovidCt.Records;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class ExplanationFilesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void The_list_of_maps_is_written_as_it_is_read()
    {
        var entry = new MapEntry
        {
            Path = "a <b>.png",
            Label = "COVID",
            Predicted = "non-COVID",
            Probability = 0.25,
            ExplainedClass = "non-COVID",
            Method = CamMethod.GradCamPlusPlus,
            Original = "0001.png",
            Overlay = "0001-map.png",
        };
        MapEntry.Write(_path, [entry]);

        Assert.Equal([entry], MapEntry.Read(_path));
        Assert.Equal(
            """
            [
              {
                "path": "a <b>.png",
                "label": "COVID",
                "predicted": "non-COVID",
                "probability": 0.25,
                "explainedClass": "non-COVID",
                "method": "gradCamPlusPlus",
                "layer": null,
                "original": "0001.png",
                "overlay": "0001-map.png"
              }
            ]

            """,
            File.ReadAllText(_path), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void The_facts_of_an_embedding_are_written_as_they_are_read()
    {
        var facts = new EmbeddingFacts
        {
            Method = "exact",
            Perplexity = 30,
            Iterations = 750,
            Initialisation = "pca",
            Seed = 0,
            KlDivergence = 1.5,
            Trustworthiness = 0.9,
            NeighbourRecall = 0.5,
            Neighbours = 10,
        };
        facts.Write(_path);

        Assert.Equal(facts, EmbeddingFacts.Read(_path));
        Assert.Equal(
            """
            {
              "method": "exact",
              "perplexity": 30,
              "iterations": 750,
              "initialisation": "pca",
              "seed": 0,
              "klDivergence": 1.5,
              "trustworthiness": 0.9,
              "neighbourRecall": 0.5,
              "neighbours": 10
            }

            """,
            File.ReadAllText(_path), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void What_an_older_version_left_no_word_of_is_unknown()
    {
        File.WriteAllText(_path, "{}");
        Assert.Equal(new(), EmbeddingFacts.Read(_path));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("null")]
    [InlineData("""[{"path":"a","label":"b","predicted":"c","probability":1,"explainedClass":"c","method":"glance","original":"o","overlay":"x"}]""")]
    public void What_is_no_list_of_maps_is_refused_with_the_name_of_the_file(string content)
    {
        File.WriteAllText(_path, content);
        Assert.Contains($"{_path} is no list of maps", Assert.Throws<InvalidDataException>(() => MapEntry.Read(_path)).Message, StringComparison.Ordinal);
    }
}
