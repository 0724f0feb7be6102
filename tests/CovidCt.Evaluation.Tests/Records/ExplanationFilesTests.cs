using CovidCt.Maps;
using CovidCt.Records;
using CovidCt.Tests;

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
    public void An_embedding_is_written_as_it_is_read()
    {
        using var folder = new TemporaryFolder();
        var run = new RunLayout(folder.Path);
        var embedding = new EmbeddingReport
        {
            Points = [new("a, \"b\".png", "COVID", false, 0.1 + 0.2, -3), new("c.png", "other", true, 1e-20, 4)],
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
        embedding.Write(run);

        var read = EmbeddingReport.Read(run);
        Assert.Equal(embedding.Points, read.Points);
        Assert.Equal(embedding, read with { Points = embedding.Points });
        Assert.Equal(
            "path,label,part,x,y\n\"a, \"\"b\"\".png\",COVID,train,0.30000000000000004,-3\nc.png,other,test,1E-20,4\n",
            File.ReadAllText(run.EmbeddingPoints));
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
            File.ReadAllText(run.EmbeddingFacts), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(null)]
    public void What_an_older_version_left_no_word_of_is_unknown(string? facts)
    {
        using var folder = new TemporaryFolder();
        var run = new RunLayout(folder.Path);
        File.WriteAllText(run.EmbeddingPoints, "path,label,part,x,y\na.png,COVID,test,1,2\n");
        if (facts is not null)
        {
            File.WriteAllText(run.EmbeddingFacts, facts);
        }

        var read = EmbeddingReport.Read(run);

        Assert.Equal([new("a.png", "COVID", true, 1, 2)], read.Points);
        Assert.Equal(new(), read with { Points = new EmbeddingReport().Points });
    }

    [Theory]
    [InlineData("path,label,part,x,y\n", "no points")]
    [InlineData("path,label,part,x\n", "y")]
    [InlineData("path,label,part,x,y\na.png,COVID,both,1,2\n", "'both' is neither train nor test")]
    [InlineData("path,label,part,x,y\na.png,COVID,test,far,2\n", "line 2: the coordinate 'far' is no number")]
    public void What_is_no_embedding_is_refused(string content, string fault)
    {
        using var folder = new TemporaryFolder();
        var run = new RunLayout(folder.Path);
        File.WriteAllText(run.EmbeddingPoints, content);
        Assert.Contains(fault, Assert.Throws<InvalidDataException>(() => EmbeddingReport.Read(run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_of_maps_by_an_older_version_is_told_from_a_damaged_one()
    {
        const string curve = """{"shares":[0,1],"probabilities":[0.2,0.9]}""";
        File.WriteAllText(
            _path,
            $$"""
            {"method":"layerCam","layer":"layer3","grid":{"width":20,"height":15},"images":16,"evidence":1.5,"faithfulness":null,
             "energyOutside":0.03,"paddingShare":0.12,"deletion":{{curve}},"insertion":{{curve}},
             "road":{"mostRelevantFirst":{{curve}},"leastRelevantFirst":{{curve}}},"randomisation":[],"networks":5,"agreement":0.75,
             "findings":null}
            """);

        Assert.Equal(
            $"{_path} is an audit of maps by an older version, whose evidence was of one logit alone. Audit the maps again.",
            Assert.Throws<InvalidDataException>(() => RunMapAudit.Read(_path)).Message);
        File.WriteAllText(_path, """{"method":"gradCam","images":16}""");
        Assert.StartsWith(
            $"{_path} is no audit of maps: ", Assert.Throws<InvalidDataException>(() => RunMapAudit.Read(_path)).Message,
            StringComparison.Ordinal);
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
