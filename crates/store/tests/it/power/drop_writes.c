/* A disk with a cache that loses power: loaded in front of the C library, it writes down what every write, truncation
 * and sync below one folder does, so that a test can later take back what no sync had made durable. With PEHRA_DROP_LIE
 * set, syncs are not written down: a disk that says "done" and is not.
 *
 * Journal, all numbers little-endian 64 bits:
 *   'W' name-length name offset old-size old-length old-bytes new-length new-bytes
 *   'T' name-length name old-size new-size tail-length tail-bytes
 *   'S' name-length name
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int journal = -1;
static const char *folder;
static int lies;

__attribute__((constructor)) static void begin(void) {
    folder = getenv("PEHRA_DROP_FOLDER");
    const char *path = getenv("PEHRA_DROP_JOURNAL");
    lies = getenv("PEHRA_DROP_LIE") != NULL;
    if (folder && path)
        journal = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

/* The file behind a descriptor when it is one of ours; the shared memory of SQLite is no part of the disk. */
static int ours(int fd, char *name, size_t room) {
    char link[64];
    if (journal < 0 || fd == journal)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, name, room - 1);
    if (length <= 0)
        return 0;
    name[length] = 0;
    size_t prefix = strlen(folder);
    return strncmp(name, folder, prefix) == 0 && name[prefix] == '/' &&
           !(length > 4 && strcmp(name + length - 4, "-shm") == 0);
}

static char *put(char *at, const void *bytes, size_t length) {
    memcpy(at, bytes, length);
    return at + length;
}

static char *number(char *at, uint64_t value) { return put(at, &value, sizeof value); }

static char *text(char *at, const char *name) {
    size_t length = strlen(name);
    return put(number(at, length), name, length);
}

static uint64_t size_of(int fd) {
    struct stat found;
    return fstat(fd, &found) == 0 ? (uint64_t)found.st_size : 0;
}

/* One record, in one write: a kill leaves it whole or not at all. */
static void keep(char *record, char *end) {
    (void)!syscall(SYS_write, journal, record, (size_t)(end - record));
    free(record);
}

static void wrote(int fd, const char *name, const void *bytes, size_t count, uint64_t offset) {
    char *record = malloc(2 * count + strlen(name) + 128);
    char *old = malloc(count + 1);
    if (!record || !old)
        abort();
    ssize_t had = syscall(SYS_pread64, fd, old, count, offset);
    uint64_t old_length = had > 0 ? (uint64_t)had : 0;
    char *at = record;
    *at++ = 'W';
    at = number(number(text(at, name), offset), size_of(fd));
    at = put(number(at, old_length), old, old_length);
    at = put(number(at, count), bytes, count);
    free(old);
    keep(record, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    char name[4096];
    if (ours(fd, name, sizeof name))
        wrote(fd, name, bytes, count, (uint64_t)offset);
    return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    return pwrite64(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    char name[4096];
    if (ours(fd, name, sizeof name))
        wrote(fd, name, bytes, count, (uint64_t)lseek(fd, 0, SEEK_CUR));
    return syscall(SYS_write, fd, bytes, count);
}

int ftruncate64(int fd, off64_t size) {
    char name[4096];
    if (ours(fd, name, sizeof name)) {
        uint64_t old_size = size_of(fd), new_size = (uint64_t)size;
        size_t tail = old_size > new_size ? old_size - new_size : 0;
        char *record = malloc(tail + strlen(name) + 128);
        if (!record)
            abort();
        char *at = record;
        *at++ = 'T';
        at = number(number(number(text(at, name), old_size), new_size), tail);
        ssize_t had = tail ? syscall(SYS_pread64, fd, at, tail, new_size) : 0;
        at += had > 0 ? had : 0;
        keep(record, at);
    }
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd) {
    char name[4096];
    if (!lies && ours(fd, name, sizeof name)) {
        char *record = malloc(strlen(name) + 64);
        if (!record)
            abort();
        char *at = record;
        *at++ = 'S';
        keep(record, text(at, name));
    }
    /* Nothing is asked of the real disk: what the test calls power is only this journal. */
    return 0;
}

int fsync(int fd) { return synced(fd); }

int fdatasync(int fd) { return synced(fd); }
