using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using CovidCt.Dicom;
using CovidCt.Tests;
using Slice = CovidCt.Dicom.Tests.Phantom;

namespace CovidCt.AspNetCore.Tests;

/// <summary>Zipped series.</summary>
public sealed class SeriesTests
{
    private static readonly Slice Chest = new() { LungDepth = 850, Width = 80, Height = 64 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_zipped_series_has_one_answer_by_the_slices_that_show_lungs()
    {
        await using var service = await TestService.Start();
        byte[][] files = [.. Chest.Stack(4, (0, 0, 0), (0, 0, 3)).Append(Chest with { Position = "0\\0\\12", LungDepth = 0, Number = 9 }).Select(slice => slice.File())];
        var answers = await Answered(await service.Post("/ct/series?rule=top:2", Zip([.. files, "notes"u8.ToArray(), (Chest with { Modality = "MR" }).File()])));
        var answer = answers["series"]!.AsArray().Single()!;

        using var classifier = new StubClassifier();
        var series = DicomFolder.FromMemory(files.Select(file => (ReadOnlyMemory<byte>)file), cancellationToken: Token).Series.Single();
        var expected = Answers.SeriesClassifier.Classify(classifier, series, new() { Rule = Answers.SeriesRule.MeanOfHighest(2) }, cancellationToken: Token);
        Assert.Equal((series.Name, expected.Label, "top:2"), ((string)answer["name"]!, (string)answer["label"]!, (string)answer["rule"]!));
        Assert.Equal(expected.Score, (double)answer["score"]!, 12);
        Assert.Equal(expected.Slices.Select(slice => slice.Probability), answer["slices"]!.AsArray().Select(slice => (double?)slice!["probability"]));
        Assert.Equal("The slice shows no lungs.", (string)answer["slices"]![4]!["leftOut"]!);
        Assert.Equal(1, (int)answers["rejected"]!["The file is no CT image."]!);
        Assert.DoesNotContain(Slice.Id, answers.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Mustermann", answers.ToJsonString() + service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_zipped_series_is_refused_in_a_sentence()
    {
        await using var service = await TestService.Start(options => options.MaxSeriesBytes = 1 << 16);
        var whole = Zip([Chest.File()]);
        await Refused(HttpStatusCode.UnprocessableEntity, "no ZIP archive", Chest.File());
        await Refused(HttpStatusCode.UnprocessableEntity, "no ZIP archive", whole[..(whole.Length / 2)]);
        await Refused(HttpStatusCode.UnprocessableEntity, "no CT series", Zip(["notes"u8.ToArray()]));
        await Refused(HttpStatusCode.UnprocessableEntity, "deflated", Zip([(Chest with { Syntax = Slice.DeflatedSyntax }).File()]));
        await Refused(HttpStatusCode.RequestEntityTooLarge, "files of more than 65536 bytes together", Zip([new byte[1 << 17]]));
        await Refused(HttpStatusCode.RequestEntityTooLarge, "too large", new byte[(1 << 16) + 100]);
        using var wrong = await service.Post("/ct/series?rule=median", whole);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        async Task Refused(HttpStatusCode status, string says, byte[] file)
        {
            using var response = await service.Post("/ct/series", file);
            Assert.Equal(status, response.StatusCode);
            Assert.Contains(says, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_series_without_lungs_is_named_with_the_reason()
    {
        await using var service = await TestService.Start();
        var answers = await Answered(await service.Post("/ct/series", Zip([(Chest with { LungDepth = 0 }).File()])));
        Assert.Null(answers["series"]![0]!["label"]);
        Assert.StartsWith("No slice of the 1 can be answered about.", (string)answers["series"]![0]!["problem"]!, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Changed_archives_are_answered_or_refused_in_a_sentence()
    {
        await using var service = await TestService.Start();
        var (random, archive) = (new Random(23), Zip([.. Chest.Stack(3, (0, 0, 0), (0, 0, 3)).Select(slice => slice.File())]));
        var (answered, refused) = (0, 0);
        for (var i = 0; i < LargeCount.Of("COVIDCT_UPLOADS", 1000); i++)
        {
            var changed = archive.ToArray();
            for (var change = 0; change < 3; change++)
            {
                changed[random.Next(3) == 0 ? random.Next(changed.Length) : changed.Length - 1 - random.Next(300)] = (byte)random.Next(256);
            }

            using var response = await service.Post("/ct/series", random.Next(4) == 0 ? changed[..random.Next(1, changed.Length)] : changed);
            Assert.True((int)response.StatusCode is 200 or 413 or 422, $"{i}: {response.StatusCode}");
            (answered, refused) = response.IsSuccessStatusCode ? (answered + 1, refused) : (answered, refused + 1);
        }

        Assert.True(answered > 0 && refused > 0);
    }

    private static async Task<JsonNode> Answered(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            return JsonNode.Parse(text)!;
        }
    }

    private static byte[] Zip(byte[][] files)
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create))
        {
            foreach (var (i, file) in files.Index())
            {
                using var entry = zip.CreateEntry($"Mustermann/{i}.dcm").Open();
                entry.Write(file);
            }
        }

        return content.ToArray();
    }
}
