using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

public sealed class DicomFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Slices_are_sorted_and_what_is_wrong_is_named()
    {
        int[] places = [20, 0, 10, 30, 60, 30];
        foreach (var (i, place) in places.Index())
        {
            _folder.Write($"{i}.dcm", new Phantom { Number = i, Position = $"0\\0\\{place}" }.File());
        }

        _folder.Write("scout.dcm", new Phantom { Number = 9, ImageType = "ORIGINAL\\PRIMARY\\LOCALIZER", Orientation = "1\\0\\0\\0\\0\\-1" }.File());
        _folder.Write("other.dcm", new Phantom { Series = "1.2.3.5" }.File());
        _folder.Write("mr.dcm", new Phantom { Modality = "MR" }.File());
        _folder.Write("notes.txt", "Mustermann");
        var folder = Read();

        Assert.Equal(["1.2.3.4", "1.2.3.5"], folder.Series.Select(series => series.Uid));
        Assert.Equal("The file is no CT image.", Assert.Single(folder.Rejected).Reason);
        var series = folder.Series[0];
        Assert.Equal([0, 10, 20, 30, 30, 60], series.Slices.Select(slice => slice.Location!.Value));
        Assert.Equal(10, series.Spacing);
        Assert.Equal([(4, 2)], series.Gaps);
        Assert.Single(series.Duplicates);
        Assert.Single(series.Localizers);
        Assert.Equal(0, series.Tilt!.Value, 6);
        Assert.Equal("Hospital, Maker, Model", series.Source);
        Assert.Equal(
            ["1 localizer is left out.", "1 slice is where another one lies.", "2 slices are missing between 30.00 and 60.00 mm."], series.Findings);
        Assert.DoesNotContain("4711", series.Patient, StringComparison.Ordinal);
        Assert.Equal(Phantom.Id, Read(new() { KeepPatientIds = true }).Series[0].Patient);
        Assert.Equal(Read(new() { Salt = "a" }).Series[0].Patient, Read(new() { Salt = "a" }).Series[1].Patient);
        Assert.Equal(new Phantom { Number = 1 }.Values(), series.Slices[0].Read().Values);
    }

    [Fact]
    public void A_tilted_gantry_is_named()
    {
        for (var i = 0; i < 3; i++)
        {
            _folder.Write($"{i}.dcm", new Phantom { Number = i, Position = $"0\\0\\{10 * i}", Orientation = "1\\0\\0\\0\\0.9659258\\-0.2588190" }.File());
        }

        var series = Assert.Single(Read().Series);
        Assert.Equal(15, series.Tilt!.Value, 3);
        Assert.Contains("tilted by 15.0°", Assert.Single(series.Findings), StringComparison.Ordinal);
    }

    private DicomFolder Read(DicomSeriesOptions? options = null) => DicomFolder.Read(_folder.Path, options, TestContext.Current.CancellationToken);
}
